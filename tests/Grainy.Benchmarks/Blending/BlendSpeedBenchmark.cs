using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Tensors;

namespace Grainy.Benchmarks.Blending;

/// <summary>
/// Cat and dog at 256²: when the first perceptual picture is there, how the energy falls, when it is within 5 % of a long run's, and how long a chain of nine frames takes.
/// Arguments: steps of the long run (5000; 0 leaves it out), side (256), threads (0: all).
/// </summary>
internal static class BlendSpeedBenchmark
{
    private static readonly double[] Moments = [0, 1, 3, 10, 30];

    public static void Run(string[] args)
    {
        var numbers = args.Select(arg => int.Parse(arg, CultureInfo.InvariantCulture)).ToArray();
        var (steps, side, threads) = (numbers.Length > 0 ? numbers[0] : 5000, numbers.Length > 1 ? numbers[1] : 256, numbers.Length > 2 ? numbers[2] : 0);
        TorchRuntime.Initialize(threads);
        ImageBuffer[] images = [BlendPictures.Square("metrics/elpips/cat.png", side), BlendPictures.Square("metrics/elpips/dog.png", side)];
        double[] half = [0.5, 0.5];
        var text = new StringBuilder("# Speed of perceptual blends\n\n");
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, commit {Machine.Commit()}, {TorchRuntime.Threads} thread(s). cat and dog, middle square at {side}², elpips-squeeze, weights ½ ½.").AppendLine();

        var options = new BlendOptions { Size = side, Frames = [new BlendTarget(0, half)] };
        var fast = Follow(images, options);
        var careful = Follow(images, options with { StepsPerFrame = 480, StopEarly = false });
        var longRun = steps > 0 ? Follow(images, options with { StepsPerFrame = steps, StopEarly = false }) : [];
        var reference = longRun.Count > 0 ? longRun[^1].Step.Energy : careful[^1].Step.Energy;
        text.AppendLine("| run | first perceptual picture, s | end, s | steps | energy | ± | over the long run | within 5 % after, s |").AppendLine("|---|--:|--:|--:|--:|--:|--:|--:|");
        foreach (var (name, run) in new[] { ("as offered", fast), ("480 steps", careful), ($"{steps} steps", longRun) }.Where(run => run.Item2.Count > 0))
        {
            var last = run[^1];
            var within = run.Where(moment => moment.Step.Energy <= 1.05 * reference).Select(moment => moment.Seconds.ToString("F1", CultureInfo.InvariantCulture)).FirstOrDefault() ?? "not";
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {run[0].Seconds:F1} | {last.Seconds:F1} | {last.Step.StepsDone} | {last.Step.Energy:G4} | {last.Step.EnergyError:G2} | {(last.Step.Energy / reference) - 1:P1} | {within} |");
        }

        text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"Pixel mix: {fast[0].Step.MixEnergy:G4}. The error is that of the mean over all transforms; all runs are judged by the same transforms, so differences between them are far more certain.").AppendLine();
        text.AppendLine("Energy over time, 480 steps: " + string.Join(", ", careful.Select(moment => string.Create(CultureInfo.InvariantCulture, $"{moment.Seconds:F1} s {moment.Step.Energy:G4}")))).AppendLine();
        var mix = PixelMix.Of(images, half);
        ImageBuffer At(double seconds) => careful.LastOrDefault(moment => moment.Seconds <= seconds).Step?.Picture ?? mix;
        var sheet = BlendPictures.Sheet("blend-speed", "over-time", [.. Moments.Take(3).Select(At)], [.. Moments.Skip(3).Select(At), (longRun.Count > 0 ? longRun : careful)[^1].Step.Picture!]);
        text.AppendLine($"![at 0, 1, 3, 10, 30 seconds and the long run]({sheet})").AppendLine();
        text.AppendLine("From left to right, top to bottom: the pixel mix at 0 s, the picture at 1, 3, 10 and 30 s, the long run.").AppendLine();
        Chain(images, side, text);
        Machine.Publish("blend-speed", text.ToString());
    }

    private static void Chain(ImageBuffer[] images, int side, StringBuilder text)
    {
        var watch = Stopwatch.StartNew();
        var frames = new SortedDictionary<int, BlendStep>();
        BlendSpacing? spacing = null;
        var seconds = 0.0;
        foreach (var step in PerceptualBlend.Run(images, new BlendOptions { Size = side }, BlendPictures.Weights, CancellationToken.None))
        {
            spacing ??= step.Spacing;
            if (step is { FrameFinal: true, Picture: not null })
            {
                (frames[step.Frame], seconds) = (step, watch.Elapsed.TotalSeconds);
            }
        }

        text.AppendLine("## Chain of nine frames").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"All frames final after {seconds:F0} s; spacing measured after {watch.Elapsed.TotalSeconds:F0} s: {string.Join(", ", spacing!.Distances.Select(distance => distance.ToString("G3", CultureInfo.InvariantCulture)))}, evenness {spacing.Evenness:F2}.").AppendLine();
        text.AppendLine("| frame | steps | energy | pixel mix |").AppendLine("|--:|--:|--:|--:|");
        foreach (var step in frames.Values.Where(step => step.Stage == BlendStage.Final))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"| {step.Frame} | {step.StepsDone} | {step.Energy:G4} | {step.MixEnergy:G4} |");
        }

        var pictures = frames.Values.Select(step => Resize.ToLongerSide(step.Picture!, Math.Min(side, 192))).ToArray();
        text.AppendLine().AppendLine($"![the nine frames]({BlendPictures.Sheet("blend-speed", "chain", pictures[..5], pictures[5..])})");
    }

    private static List<(double Seconds, BlendStep Step)> Follow(ImageBuffer[] images, BlendOptions options)
    {
        var watch = Stopwatch.StartNew();
        var moments = new List<(double, BlendStep)>();
        foreach (var step in PerceptualBlend.Run(images, options, BlendPictures.Weights, CancellationToken.None).Where(step => step.Picture is not null))
        {
            moments.Add((watch.Elapsed.TotalSeconds, step));
            Console.WriteLine(FormattableString.Invariant($"{watch.Elapsed.TotalSeconds:F1} s, step {step.StepsDone}, {step.Energy:G4}"));
        }

        return moments;
    }
}
