using System.Diagnostics;
using System.Globalization;
using Grainy.Core.Images;

namespace Grainy.Host.Exports;

/// <summary>The ffmpeg of this machine, where there is one: it writes what no library at hand can.</summary>
internal sealed class Ffmpeg
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    // By quality at a given size; the last one is part of every ffmpeg.
    private static readonly (string Encoder, string[] Options)[] Encoders =
        [("libx264", ["-preset", "medium", "-crf", "16"]), ("libopenh264", ["-b:v", "6M"]), ("mpeg4", ["-q:v", "2"])];

    private readonly string? _program;
    private readonly Lazy<(string Encoder, string[] Options)?> _encoder;

    /// <param name="program">Path of the program; null when there is none.</param>
    public Ffmpeg(string? program) => (_program, _encoder) = (program, new(Choose));

    /// <summary>Why no MP4 can be written, one sentence; null when it can.</summary>
    public string? Problem => _program is null
        ? "ffmpeg, which writes MP4 files, is not installed on this server; install it and restart the server, or take the animated WebP."
        : _encoder.Value is null ? $"The ffmpeg of this server ({_program}) cannot write MP4 video; install a usual one, or take the animated WebP." : null;

    /// <summary>The first one on the search path.</summary>
    public static Ffmpeg Find() => new((Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
        .SelectMany(folder => new[] { Path.Combine(folder, "ffmpeg"), Path.Combine(folder, "ffmpeg.exe") }).FirstOrDefault(File.Exists));

    /// <summary>Writes frames of one size as MP4.</summary>
    public async Task WriteMp4Async(IEnumerable<ImageBuffer> frames, double fps, Stream output, CancellationToken cancellationToken)
    {
        var (encoder, options) = _encoder.Value ?? throw new InvalidOperationException("Ask for the problem first.");
        var file = Path.Combine(Path.GetTempPath(), $"grainy-{Guid.NewGuid():n}.mp4");
        using var limited = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limited.CancelAfter(Limit);
        try
        {
            using var process = await StartAsync(frames, fps, encoder, options, file, limited.Token);
            await using var content = File.OpenRead(file);
            await content.CopyToAsync(output, limited.Token);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private async Task<Process> StartAsync(IEnumerable<ImageBuffer> frames, double fps, string encoder, string[] options, string file, CancellationToken cancellationToken)
    {
        Process? process = null;
        Task<string> errors = Task.FromResult("");
        try
        {
            foreach (var frame in frames)
            {
                if (process is null)
                {
                    string[] arguments =
                    [
                        "-hide_banner", "-loglevel", "error", "-y", "-f", "rawvideo", "-pix_fmt", "rgb24", "-s", $"{frame.Width}x{frame.Height}",
                        "-r", fps.ToString(CultureInfo.InvariantCulture), "-i", "-", "-an", "-c:v", encoder, .. options,
                        "-vf", "pad=ceil(iw/2)*2:ceil(ih/2)*2", "-pix_fmt", "yuv420p", "-movflags", "+faststart", file,
                    ];
                    process = Run(arguments, input: true);
                    errors = process.StandardError.ReadToEndAsync(cancellationToken);
                }

                await process.StandardInput.BaseStream.WriteAsync(Bytes(frame), cancellationToken);
            }

            process!.StandardInput.Close();
            await process.WaitForExitAsync(cancellationToken);
            return process.ExitCode == 0 ? process : throw new InvalidOperationException($"ffmpeg ended with {process.ExitCode}: {await errors}");
        }
        catch
        {
            process?.Kill();
            process?.Dispose();
            throw;
        }
    }

    private (string Encoder, string[] Options)? Choose()
    {
        try
        {
            using var process = Run(["-hide_banner", "-encoders"], input: false);
            var known = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            return Encoders.Where(one => known.Contains($" {one.Encoder} ", StringComparison.Ordinal)).Select(one => ((string, string[])?)one).FirstOrDefault();
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null; // not a program after all
        }
    }

    private Process Run(string[] arguments, bool input) => Process.Start(new ProcessStartInfo(_program!, arguments)
    {
        RedirectStandardInput = input,
        RedirectStandardOutput = !input,
        RedirectStandardError = true,
    })!;

    private static byte[] Bytes(ImageBuffer image)
    {
        var pixels = image.Width * image.Height;
        var bytes = new byte[pixels * 3];
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = image.Plane(image.Channels == 3 ? channel : 0);
            for (var i = 0; i < pixels; i++)
            {
                bytes[(i * 3) + channel] = (byte)Math.Round(Math.Clamp(plane[i], 0f, 1f) * 255);
            }
        }

        return bytes;
    }
}
