using System.Diagnostics;
using System.Globalization;
using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>The program ffmpeg, where a machine has it.</summary>
internal static class FfmpegProgram
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(2);

    /// <summary>Path of the program, or null.</summary>
    public static string? Find()
    {
        var names = OperatingSystem.IsWindows() ? new[] { "ffmpeg.exe" } : ["ffmpeg"];
        return (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Where(Path.IsPathRooted).SelectMany(folder => names.Select(name => Path.Combine(folder, name))).FirstOrDefault(File.Exists);
    }

    /// <summary>Encodes frames as H.264 in MP4.</summary>
    /// <exception cref="InvalidOperationException">The program is not there or fails.</exception>
    public static void Encode(ImageBuffer[] frames, double framesPerSecond, Stream destination)
    {
        var program = Find() ?? throw new InvalidOperationException(BlendAnimation.WhyNot(AnimationFormat.Mp4)!);
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

    // Chroma at half resolution needs even sides; the last row or column is repeated where one is odd.
    private static string[] Arguments(ImageBuffer frame, double framesPerSecond, string file) =>
    [
        "-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{frame.Width}x{frame.Height}",
        "-r", framesPerSecond.ToString(CultureInfo.InvariantCulture), "-i", "pipe:0", "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2:0:0",
        "-c:v", "libx264", "-crf", "16", "-pix_fmt", "yuv420p", "-movflags", "+faststart", file,
    ];

    private static void Run(string program, string[] arguments, ImageBuffer[] frames)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start) ?? throw new InvalidOperationException("ffmpeg could not be started.");
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
}
