using System.CommandLine;
using System.Globalization;
using Grainy.Cli.Options;
using Grainy.Cli.Output;
using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Commands;

/// <summary><c>grainy score</c>: how far apart two images are, with the doubt of every estimate.</summary>
internal static class ScoreCommand
{
    private static readonly Argument<string> First = new("a") { Description = "One image" };
    private static readonly Argument<string> Second = new("b") { Description = "Another one of the same size" };
    private static readonly Option<string?> Metric = new("--metric", "-m")
    {
        Description = "A metric by its name, as psnr, ms-ssim or elpips-squeeze; several with commas [default: the best that the weights here allow]",
        HelpName = "name",
    };

    private static readonly Option<int> Samples = Checked.Integer("--samples", 200, 1, 1_000_000, "Random transforms to average over (E-LPIPS)");
    private static readonly Option<ulong> Seed = Checked.Seed();

    public static CliCommand Build() =>
        new CliCommand("score", "Measure how far apart two images are", "score clean.png denoised.tif", "score a.png b.png --metric elpips-squeeze --samples 400 --seed 1 --json", "score a.png b.png --metric psnr,ssim,lpips-alex")
            .With(First, Second, Metric, Samples, Seed).Runs(RunAsync);

    private static async Task<int> RunAsync(CommandContext context, CancellationToken stop)
    {
        var catalog = new MetricCatalog(context.Weights);
        var names = Names(context.Get(Metric), catalog);
        var (a, b) = (Inputs.Read(context.Get(First)).Image, Inputs.Read(context.Get(Second)).Image);
        var options = new MetricOptions { Samples = context.Get(Samples), Seed = context.Get(Seed) };
        var results = new List<MetricResult>();
        using (var progress = context.Progress())
        {
            foreach (var name in names)
            {
                results.Add(await MeasureAsync(context, catalog, name, a, b, options, progress, stop));
            }
        }

        var documents = results.Select(result => new
        {
            result.Metric,
            result.Value,
            result.StandardError,
            result.Samples,
            result.Seed,
            result.Fingerprint,
            result.PerLayer,
            a = context.Get(First),
            b = context.Get(Second),
        }).ToArray();
        context.PrintJson(documents.Length == 1 ? documents[0] : documents);
        context.Print([["metric", "value", "samples", "fingerprint"], .. results.Select(Row)]);
        return ExitCode.Ok;
    }

    private static IReadOnlyList<string> Names(string? wanted, MetricCatalog catalog)
    {
        var names = wanted?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        if (names is [])
        {
            throw new UsageException("--metric names no metric");
        }

        var unknown = names?.FirstOrDefault(name => !catalog.Names.Contains(name));
        return unknown is null ? names ?? catalog.DefaultSet() : throw new UsageException($"there is no metric '{unknown}'; there are {string.Join(", ", catalog.Names)}");
    }

    private static Task<MetricResult> MeasureAsync(
        CommandContext context, MetricCatalog catalog, string name, ImageBuffer a, ImageBuffer b, MetricOptions options, ProgressLine progress, CancellationToken stop)
    {
        return context.OnDeviceAsync(Slices, result => progress.Report((double)result.Samples / options.Samples!.Value, $"{name} {Text(result)}"), stop);

        IEnumerable<MetricResult> Slices(CancellationToken token)
        {
            using var metric = catalog.Create(name);
            foreach (var result in metric.Measure(a, b, options, token))
            {
                yield return result;
            }
        }
    }

    private static string[] Row(MetricResult result) => [result.Metric, Text(result), result.Samples.ToString(CultureInfo.InvariantCulture), result.Fingerprint];

    private static string Text(MetricResult result) => string.Create(
        CultureInfo.InvariantCulture, $"{result.Value:F5}{(result.StandardError is { } error ? $" ± {error:F5}" : "")}{(result.Metric == "psnr" ? " dB" : "")}");
}
