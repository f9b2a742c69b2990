using System.Text.Json;
using Grainy.Core.Images;

namespace Grainy.Host.Decoding;

/// <summary>Asks for one image: read a page of <paramref name="File"/>, write its planes to <paramref name="Output"/>.</summary>
internal sealed record DecodeRequest(string File, string Output, int Page = 0);

/// <summary>Either what was read, or one sentence for the person who brought the file.</summary>
internal sealed record DecodeReply(ImageFacts? Facts, string? Problem);

/// <summary>The program's second mode: decodes files of strangers, one JSON line in, one out, until its input ends.</summary>
internal static class DecodeWorker
{
    public const string Command = "decode-worker";

    public static async Task<int> RunAsync()
    {
        using var input = new StreamReader(Console.OpenStandardInput());
        await using var output = new StreamWriter(Console.OpenStandardOutput()) { AutoFlush = true };
        Console.SetOut(TextWriter.Null); // nothing that a library prints may stand between the answers
        while (await input.ReadLineAsync() is { } line)
        {
            var request = JsonSerializer.Deserialize<DecodeRequest>(line);
            await output.WriteLineAsync(JsonSerializer.Serialize(request is null ? new DecodeReply(null, "The request was empty.") : Decode(request)));
        }

        return 0;
    }

    private static DecodeReply Decode(DecodeRequest request)
    {
        try
        {
            var decoded = ImageReader.ReadPage(request.File, request.Page);
            using var output = File.Create(request.Output);
            Npy.Write(decoded.Image, output);
            return new DecodeReply(decoded.Facts, null);
        }
        catch (ImageFormatException refused)
        {
            return new DecodeReply(null, refused.Message);
        }
        catch (OutOfMemoryException)
        {
            return new DecodeReply(null, "The image needs more memory than the server has; crop it or scale it down.");
        }
        catch (Exception) // an unforeseen failure of a decoder concerns this file alone
        {
            return new DecodeReply(null, "The file cannot be read as an image; save it again as PNG or TIFF.");
        }
    }
}
