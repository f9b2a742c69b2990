using System.CommandLine;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Options;

/// <summary>How metrics measure.</summary>
internal static class MeasureOptions
{
    private static readonly Option<int?> Samples = Checked.OptionalInteger(
        "--samples", 1, 1_000_000, $"Random transforms to average over (E-LPIPS) [default: {MetricOptions.DefaultSamples}, or as many as --target-error takes]");

    private static readonly Option<double?> TargetError = Checked.OptionalNumber(
        "--target-error", 0.0001, 0.9999, "Sample until the 95 % interval is ± this share of the value, for example 0.025");

    private static readonly Option<int> MostSamples = Checked.Integer(
        "--max-samples", new MetricOptions().MostSamples, 1, 1_000_000, "The most samples that --target-error may take");

    private static readonly Option<ulong> Seed = Checked.Seed();
    private static readonly Option<string?> Sampling = Choice.Of("--sampling", "stratified", "How random transforms are drawn", "stratified", "reference");
    private static readonly Option<int?> Scales = Checked.OptionalInteger(
        "--scales", 1, 64, "Largest scale of E-LPIPS [default: shorter side / 64; the published examples use 8]");

    private static readonly Option<double?> DataRange = Checked.OptionalNumber(
        "--data-range", 1e-6, 1e9, "The value of white in floating-point images [default: 1]");

    private static readonly Option<bool> Linear = new("--linear")
    {
        Description = "The samples are proportional to light, as of renderers and telescopes, not made for a display",
    };

    public static IReadOnlyList<Symbol> All => [Samples, TargetError, MostSamples, Seed, Sampling, Scales, DataRange, Linear];

    public static MetricOptions Of(CommandContext context) => new()
    {
        Samples = context.Get(Samples),
        TargetError = context.Get(TargetError),
        MostSamples = context.Get(MostSamples),
        Seed = context.Get(Seed),
        Sampling = context.Get(Sampling) == "reference" ? Core.Metrics.Sampling.Reference : Core.Metrics.Sampling.Stratified,
        Scales = context.Get(Scales),
        DataRange = context.Get(DataRange) ?? 1,
        Encoding = context.Get(Linear) ? SampleEncoding.Linear : SampleEncoding.Display,
    };
}
