using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Xunit;

namespace Grainy.TestKit;

/// <summary>What ffprobe, which comes with ffmpeg, finds in a film.</summary>
/// <param name="Codec">For example <c>h264</c>.</param>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Frames">Pictures that can be decoded, counted one by one.</param>
/// <param name="Seconds">Length.</param>
public sealed record Film(string Codec, int Width, int Height, int Frames, double Seconds)
{
    /// <summary>Skips the test in one line where films can be neither made nor looked at.</summary>
    public static void RequireTools() =>
        Assert.SkipUnless(IsThere("ffmpeg") && IsThere("ffprobe"), "needs the programs ffmpeg and ffprobe (Debian: apt-get install ffmpeg)");

    /// <summary>Reads a film.</summary>
    public static Film Probe(string file)
    {
        var text = Run("ffprobe", ["-v", "error", "-count_frames", "-show_streams", "-of", "json", file]);
        var stream = JsonDocument.Parse(text).RootElement.GetProperty("streams").EnumerateArray().Single();
        return new Film(
            stream.GetProperty("codec_name").GetString()!, stream.GetProperty("width").GetInt32(), stream.GetProperty("height").GetInt32(),
            int.Parse(stream.GetProperty("nb_read_frames").GetString()!, CultureInfo.InvariantCulture),
            double.Parse(stream.GetProperty("duration").GetString()!, CultureInfo.InvariantCulture));
    }

    /// <summary>Decodes the pictures of a film into PNG files in a folder, in their order; returns the files.</summary>
    public static string[] Decode(string file, string folder)
    {
        Run("ffmpeg", ["-v", "error", "-i", file, Path.Combine(folder, "%03d.png")]);
        return [.. Directory.GetFiles(folder, "*.png").Order(StringComparer.Ordinal)];
    }

    /// <summary>A folder with links to programs of this machine, to be the only one on a PATH.</summary>
    public static void LinkPrograms(string folder, params string[] names)
    {
        foreach (var name in names)
        {
            File.CreateSymbolicLink(Path.Combine(folder, name), Find(name) ?? throw new FileNotFoundException($"There is no program '{name}' on the PATH."));
        }
    }

    private static bool IsThere(string name) => Find(name) is not null;

    private static string? Find(string name) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static string Run(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var text = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0 ? text : throw new InvalidDataException($"{program} ended with {process.ExitCode} at {arguments[^1]}.");
    }
}
