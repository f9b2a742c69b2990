using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Images;
using Grainy.Core.Tensors;

namespace Grainy.Benchmarks.RealData;

/// <summary>PSNR of every method on real captures against the mean of many, with what the product itself would have proposed.</summary>
internal static class RealDataBenchmark
{
    /// <param name="args">The folder with <c>camera_cc15</c> and the others, training for each method (30 seconds; 400steps for steps), names of sets (all).</param>
    public static void Run(string[] args)
    {
        if (args.Length < 1)
        {
            throw new ArgumentException("usage: real-data FOLDER [seconds or 400steps [set …]]");
        }

        TorchRuntime.Initialize();
        var length = TrainingLength.Parse(args.Length > 1 ? args[1] : "30");
        var text = new StringBuilder();
        text.AppendLine("# Real captures: every method, and what the product proposes").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, commit {Machine.Commit()}. {length.Words} for each trained method from random weights, compact networks, seed 1.").AppendLine();
        text.AppendLine("PSNR in dB over the tested images, against the mean of many exposures; the peak is 1, or the range of the truth where exposures differ. `noise2clean` learned from the references of the");
        text.AppendLine("scenes that are not tested, with few scenes: it is a yardstick and no upper limit. All other methods saw noisy frames alone.").AppendLine();
        var sets = RealScenes.All(args[0]).ToArray();
        foreach (var set in args.Length < 3 ? sets : args.Skip(2).Select(name => Array.Find(sets, set => set.Name == name) ?? throw new ArgumentException($"no set {name}")))
        {
            Measure(set, length, text);
            Machine.Publish("real-data", text.ToString()); // after each set: all of them take long
        }
    }

    private static void Measure(RealScenes set, TrainingLength length, StringBuilder text)
    {
        var (proposal, proposed) = RealMethod.Proposed(set, length);
        var rows = new List<(string Name, double Decibels, double Seconds)>();
        foreach (var method in RealMethod.For(set, length).Append(proposed))
        {
            var start = Stopwatch.GetTimestamp();
            var results = method.Run(set);
            var truths = set.Scenes.Where(scene => scene.Tested).Select(scene => scene.Truth);
            rows.Add((method.Name, results.Zip(truths).Average(pair => Decibels(pair.First, pair.Second, set.Fitted)), Stopwatch.GetElapsedTime(start).TotalSeconds));
            Console.Error.WriteLine($"{set.Name}: {rows[^1].Name} {rows[^1].Decibels:F2} dB, {rows[^1].Seconds:F0} s");
        }

        var best = rows.Where(row => !row.Name.StartsWith("noise2clean", StringComparison.Ordinal)).MaxBy(row => row.Decibels);
        var own = rows[^1];
        text.AppendLine($"## {set.Name}").AppendLine().AppendLine(Sentence(set)).AppendLine();
        text.AppendLine("| method | PSNR, dB | gain over noisy | seconds |").AppendLine("|---|--:|--:|--:|");
        foreach (var row in rows)
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {row.Name}{(row == best ? " (best)" : "")} | {row.Decibels:F2} | {row.Decibels - rows[0].Decibels:+0.00;-0.00} | {row.Seconds:F0} |");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Proposal: {proposal.Verdict}. {proposal.Reason} {(own.Decibels >= best.Decibels - 0.1
            ? "It was the best choice without references (within 0.1 dB)."
            : $"The best choice without references was {best.Name}, {best.Decibels - own.Decibels:F2} dB better.")}").AppendLine();
        foreach (var warning in proposal.Warnings)
        {
            text.AppendLine($"- {warning.Text}");
        }

        text.AppendLine();
    }

    private static string Sentence(RealScenes set) => char.ToUpperInvariant(set.What[0]) + set.What[1..]
        + (set.Fitted ? ". Exposures differ: results are brought to the truth by the best gain and offset first, the noisy image too." : ".");

    private static double Decibels(ImageBuffer result, ImageBuffer truth, bool fitted)
    {
        var (gain, offset) = fitted ? Fit(result.Planes, truth.Planes) : (1, 0);
        var error = result.Planes.Zip(truth.Planes).Average(pair => Math.Pow((gain * pair.First) + offset - pair.Second, 2));
        var peak = fitted ? truth.Planes.Max() - truth.Planes.Min() : 1.0;
        return 10 * Math.Log10(peak * peak / error);
    }

    // Least squares: gain·a + offset ≈ b.
    private static (double Gain, double Offset) Fit(float[] a, float[] b)
    {
        double meanA = a.Average(x => (double)x), meanB = b.Average(x => (double)x);
        var gain = a.Zip(b).Sum(pair => (pair.First - meanA) * (pair.Second - meanB)) / a.Sum(x => (x - meanA) * (x - meanA));
        return (gain, meanB - (gain * meanA));
    }
}
