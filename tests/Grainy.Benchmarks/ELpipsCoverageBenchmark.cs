using System.Diagnostics;
using System.Globalization;
using System.Text;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;

namespace Grainy.Benchmarks;

/// <summary>
/// What the standard errors of E-LPIPS are worth on a real pair: how often value ± 1.96 · error covers the mean of a long run, and how the error compares with the
/// true spread of repeated measurements. Arguments: repeats (400), side of the crop (128), pair (noisy or photographs), part of the name of
/// the ways to measure (all), first seed (1).
/// </summary>
internal static class ELpipsCoverageBenchmark
{
    // Images and weights of others, beside the checkout.
    private static readonly string Shared = Environment.GetEnvironmentVariable("GRAINY_SHARED")
        ?? Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "..", "..", "..", "..", "..", "..", "shared"));

    public static void Run(string[] args)
    {
        TorchRuntime.Initialize(0);
        var repeats = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 400;
        var side = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 128;
        var (wanted, firstSeed) = (args.Length > 3 ? args[3] : "", args.Length > 4 ? int.Parse(args[4], CultureInfo.InvariantCulture) : 1);
        var names = args.Length > 2 && args[2] == "photographs" ? ("cat", "dog") : ("adv_anchor", "adv_reference");
        var (a, b) = (Crop(names.Item1, side), Crop(names.Item2, side));
        using var metric = new MetricCatalog(new WeightStore([Path.Combine(Shared, "weights")])).Create("elpips-squeeze");
        var truth = metric.Measure(a, b, new MetricOptions { Samples = 10 * Math.Max(40, repeats), Seed = 1_000_000 }, CancellationToken.None).Last();

        var text = new StringBuilder();
        text.AppendLine("# Coverage of the intervals of elpips-squeeze").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Machine.Describe()}, {TorchRuntime.Threads} thread(s) for tensors. {names.Item1} and {names.Item2}, centre {side}².").AppendLine();
        text.AppendLine(CultureInfo.InvariantCulture, $"Long run: {truth.Value:F6} ± {truth.StandardError:F6} (standard error), {truth.Samples} samples. {repeats} repeats with the seeds {firstSeed} to {firstSeed + repeats - 1}.");
        text.AppendLine("A right 95 % interval covers in 93 to 97 % of 400 repeats with a probability of 93 %.").AppendLine();
        text.AppendLine("| sampling | samples, mean | covers | true error | reported error | s a measurement |").AppendLine("|---|--:|--:|--:|--:|--:|");
        (string Name, MetricOptions Options)[] ways =
        [
            ("60 samples, stratified", new MetricOptions { Samples = 60 }),
            ("200 samples, stratified", new MetricOptions { Samples = 200 }),
            ("to ± 2.5 %, stratified", new MetricOptions { TargetError = 0.025 }),
            ("100 samples, reference batches", new MetricOptions { Samples = 100, Sampling = Sampling.Reference }),
        ];
        foreach (var (name, options) in ways.Where(way => way.Name.Contains(wanted, StringComparison.Ordinal)))
        {
            var watch = Stopwatch.StartNew();
            var results = Enumerable.Range(firstSeed, repeats).Select(seed => metric.Measure(a, b, options with { Seed = (ulong)seed }, CancellationToken.None).Last()).ToArray();
            var covered = results.Average(result => Math.Abs(result.Value - truth.Value) <= 1.96 * result.StandardError ? 1.0 : 0);
            var spread = Math.Sqrt(results.Average(result => Math.Pow(result.Value - truth.Value, 2))) / truth.Value;
            var reported = Math.Sqrt(results.Average(result => Math.Pow(result.StandardError!.Value, 2))) / truth.Value;
            text.AppendLine(CultureInfo.InvariantCulture, $"| {name} | {results.Average(result => result.Samples):F1} | {covered:P1} | {spread:P2} | {reported:P2} | {watch.Elapsed.TotalSeconds / repeats:F2} |");
        }

        Machine.Publish($"elpips-coverage-{names.Item1}", text.ToString());
    }

    private static ImageBuffer Crop(string name, int side)
    {
        var image = ImageReader.Read(Path.Combine(Shared, "data", "metrics", "elpips", name + ".png")).Image;
        var (top, left) = ((image.Height - side) / 2, (image.Width - side) / 2);
        var rows = from channel in Enumerable.Range(0, 3)
                   from row in Enumerable.Range(0, side)
                   select image.Plane(channel).Slice(((top + row) * image.Width) + left, side).ToArray();
        return new ImageBuffer(3, side, side, [.. rows.SelectMany(row => row)]);
    }
}
