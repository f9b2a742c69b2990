using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Benchmarks;

/// <summary>The most memory that <c>grainy score</c> has resident for a pair of 24 megapixels, as GNU time reports it.</summary>
internal static class MetricsMemory
{
    private const int Width = 6000;
    private const int Height = 4000;

    /// <param name="args">The program <c>Grainy.Cli</c>; the weights folder; metrics (lpips-squeeze lpips-alex elpips-squeeze=2).</param>
    public static void Run(string[] args)
    {
        if (args.Length < 2)
        {
            throw new ArgumentException("usage: metrics-memory PROGRAM WEIGHTS [metric[=samples] …]");
        }

        var folder = Directory.CreateTempSubdirectory("grainy-memory").FullName;
        try
        {
            var (a, b) = (Write(folder, "a.png", 1), Write(folder, "b.png", 2));
            var text = new StringBuilder();
            text.AppendLine("# Memory of `grainy score` for a pair of 24 megapixels").AppendLine();
            text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, commit {Machine.Commit()}. Two RGB PNG files of {Width} × {Height} pixels; maximum resident set size by GNU time.").AppendLine();
            text.AppendLine("| metric | samples | resident, MiB | seconds |").AppendLine("|---|--:|--:|--:|");
            foreach (var wanted in args.Length > 2 ? args[2..] : ["lpips-squeeze", "lpips-alex", "elpips-squeeze=2"])
            {
                var parts = wanted.Split('=');
                var samples = parts.Length > 1 ? parts[1] : "1";
                var start = Stopwatch.GetTimestamp();
                var kilobytes = Score(args[0], args[1], a, b, parts[0], samples);
                text.AppendLine(CultureInfo.InvariantCulture, $"| {parts[0]} | {samples} | {kilobytes / 1024.0:F0} | {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} |");
            }

            Machine.Publish("metrics-memory", text.ToString());
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static long Score(string program, string weights, string a, string b, string metric, string samples)
    {
        using var time = Process.Start(new ProcessStartInfo(
            "/usr/bin/time", ["-f", "%M", program, "score", a, b, "--metric", metric, "--samples", samples, "--weights", weights])
        { RedirectStandardError = true })!;
        var errors = time.StandardError.ReadToEnd();
        time.WaitForExit();
        return time.ExitCode == 0
            ? long.Parse(errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)[^1], CultureInfo.InvariantCulture)
            : throw new InvalidOperationException($"{program} ended with {time.ExitCode}: {errors}");
    }

    private static string Write(string folder, string name, ulong seed)
    {
        var random = new RandomStream(seed);
        var planes = new float[3 * Width * Height];
        for (var i = 0; i < planes.Length; i++)
        {
            var (y, x) = Math.DivRem(i % (Width * Height), Width);
            planes[i] = (float)(0.45 + (0.4 * Math.Sin(0.013 * x) * Math.Cos(0.017 * y)) + (0.05 * random.NextDouble()));
        }

        var path = Path.Combine(folder, name);
        using var file = File.Create(path);
        ImageWriter.Write(new ImageBuffer(3, Height, Width, planes), file, OutputFormat.Png8);
        return path;
    }
}
