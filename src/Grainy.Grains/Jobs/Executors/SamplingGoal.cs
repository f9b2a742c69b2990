using Grainy.Contracts.Metrics;
using Grainy.Core.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>How long an estimate is sampled. All cells share one seed, so that candidates meet the same random transforms.</summary>
internal static class SamplingGoal
{
    private const ulong Seed = 1;

    /// <summary>The usual first look stops at ±2 % (95 %) or 200 samples, a refinement at the number that it was asked for.</summary>
    public static MetricOptions For(ComparisonCell cell) => cell.Goal is { } goal
        ? new MetricOptions { Seed = Seed, Samples = goal }
        : new MetricOptions { Seed = Seed, Samples = MetricOptions.DefaultSamples, TargetError = 0.02 };

    /// <summary>Samples that the goal comes to at most.</summary>
    public static int MostSamples(ComparisonCell cell) => cell.Goal ?? MetricOptions.DefaultSamples;
}
