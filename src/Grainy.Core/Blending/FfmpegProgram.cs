using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>The program ffmpeg, where a machine has it.</summary>
internal static class FfmpegProgram
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Path of the program in one of the folders that the machine searches for programs, or null.</summary>
    public static string? Find() => Find(Environment.GetEnvironmentVariable("PATH") ?? "");

    /// <param name="folders">As in the variable PATH; relative ones are not searched.</param>
    public static string? Find(string folders) => folders.Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .Where(Path.IsPathRooted).Select(folder => Path.Combine(folder, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg")).FirstOrDefault(File.Exists);

    /// <summary>Encodes frames as H.264 in MP4.</summary>
    /// <param name="program">Path of the program.</param>
    /// <exception cref="InvalidOperationException">It fails; the message is a sentence for people.</exception>
    public static void Encode(string program, ImageBuffer[] frames, double framesPerSecond, Stream destination)
    {
        // The index of an MP4 stands before its pictures only in a file that can be written to twice.
        var folder = Directory.CreateTempSubdirectory("grainy-film");
        try
        {
            var file = Path.Combine(folder.FullName, "blend.mp4");
            Run(program, Arguments(frames[0], framesPerSecond, file), frames);
            using var stream = File.OpenRead(file);
            stream.CopyTo(destination);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    // Chroma at half resolution needs even sides; the last row or column is repeated where one is odd. Colours are named, or players guess them by the size of the picture.
    private static string[] Arguments(ImageBuffer frame, double framesPerSecond, string file) =>
    [
        "-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{frame.Width}x{frame.Height}",
        "-r", framesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", "pipe:0",
        "-vf", $"pad=ceil(iw/2)*2:ceil(ih/2)*2,format=gbrp,fillborders=right={frame.Width % 2}:bottom={frame.Height % 2}:mode=smear,scale=out_color_matrix=bt709:out_range=tv",
        "-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p", "-colorspace", "bt709", "-color_primaries", "bt709", "-color_trc", "bt709", "-movflags", "+faststart", file,
    ];

    private static void Run(string program, string[] arguments, ImageBuffer[] frames)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Started(start);
        var errors = process.StandardError.ReadToEndAsync();
        try
        {
            var bytes = new byte[frames[0].Width * frames[0].Height * 3];
            foreach (var frame in frames)
            {
                EightBitSamples.Write(frame, bytes);
                process.StandardInput.BaseStream.Write(bytes);
            }

            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended early; its own words are better than "broken pipe".
        }

        if (!process.WaitForExit(Longest))
        {
            process.Kill(entireProcessTree: true);
            throw new InvalidOperationException("ffmpeg did not finish within two minutes: choose WebP or fewer frames.");
        }

        if (process.ExitCode != 0)
        {
            var words = errors.GetAwaiter().GetResult().Split('\n', StringSplitOptions.RemoveEmptyEntries).FirstOrDefault() ?? "no reason given";
            throw new InvalidOperationException($"ffmpeg could not write the film: {words.Trim()}");
        }
    }

    private static Process Started(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception error)
        {
            throw new InvalidOperationException($"'{start.FileName}' could not be started: {error.Message}.", error);
        }
    }
}
