using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Grainy.Cli.Output;
using Grainy.Core.Training;

namespace Grainy.Cli.Training;

/// <summary>
/// One JSON file that describes a training and repeats it: the words of its command, the fingerprints of its files, and, for people, all settings. With a number of
/// steps the same device gives the same bytes again; with a time, what it had time for.
/// </summary>
internal static class RunFile
{
    private const int Format = 1;

    /// <summary>The name beside a model: <c>night.grainy</c> has <c>night.run.json</c>.</summary>
    public static string Beside(string model) => Path.ChangeExtension(model, ".run.json");

    /// <summary>Writes what was done.</summary>
    /// <param name="words">The command without the leading <c>grainy</c>.</param>
    /// <param name="files">Images that were learned from.</param>
    /// <param name="last">How far it came.</param>
    public static void Write(string path, IReadOnlyList<string> words, IReadOnlyList<string> files, TrainingSettings settings, TrainingUpdate last)
    {
        var document = new
        {
            format = Format,
            arguments = Without(words),
            files = files.Distinct().Select(file => new { path = file, sha256 = Hash(file) }),
            settings = JsonSerializer.SerializeToNode(settings with { StartFrom = null }, JsonSerializerOptions.Web),
            steps = last.Step,
            seconds = last.ElapsedSeconds,
        };
        OutputFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(JsonText.Of(document))));
    }

    /// <summary>The command that a file describes, after a look at its images.</summary>
    /// <exception cref="CommandFailedException">Damaged, of a later version, or an image is gone or has changed.</exception>
    public static IReadOnlyList<string> Read(string path)
    {
        Inputs.Require(path);
        try
        {
            var root = JsonNode.Parse(File.ReadAllText(path))!;
            if (root["format"]!.GetValue<int>() != Format)
            {
                throw new CommandFailedException($"'{path}' has format {root["format"]}, and this program reads format {Format}; use a newer program");
            }

            foreach (var file in root["files"]!.AsArray())
            {
                var name = file!["path"]!.GetValue<string>();
                Inputs.Require(name);
                if (Hash(name) != file["sha256"]!.GetValue<string>())
                {
                    throw new CommandFailedException($"'{name}' is not the file that '{path}' was written for: its content has changed; bring it back, or train anew");
                }
            }

            return [.. root["arguments"]!.AsArray().Select(word => word!.GetValue<string>())];
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException or NullReferenceException or FormatException)
        {
            throw new CommandFailedException($"'{path}' is no description of a training, or it is damaged; name the .run.json file beside a model", error);
        }
    }

    // Where the result goes and how it is shown is no part of the run.
    private static List<string> Without(IReadOnlyList<string> words)
    {
        var kept = new List<string>();
        for (var i = 0; i < words.Count; i++)
        {
            if (words[i] is "--out" or "-o")
            {
                i++;
            }
            else if (words[i] is not ("--json" or "--quiet" or "--resume"))
            {
                kept.Add(words[i]);
            }
        }

        return kept;
    }

    private static string Hash(string path)
    {
        using var stream = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(stream));
    }
}
