using Grainy.Contracts.Metrics;
using Grainy.Core.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>How long an estimate is sampled. All cells share one seed, so that candidates meet the same random transforms.</summary>
/// <param name="target">The share of the value that half the 95 % interval may be at the first look; the number of samples bounds it.</param>
internal sealed class SamplingGoal(double target)
{
    private const ulong Seed = 1;

    /// <summary>±2.5 % for a single pair; ±5 % for many, whose order is clear much earlier and which can be refined.</summary>
    public static SamplingGoal Of(ScoreWork work) => new(work.Pairs.Count == 1 ? 0.025 : 0.05);

    /// <summary>Options for a cell and those that are measured together with it.</summary>
    /// <param name="continueFrom">State of the sampling so far, or null.</param>
    public MetricOptions For(ComparisonCell cell, string? continueFrom) => cell.Goal is { } goal
        ? new MetricOptions { Seed = Seed, Samples = goal, ContinueFrom = continueFrom }
        : new MetricOptions { Seed = Seed, Samples = MetricOptions.DefaultSamples, TargetError = target, ContinueFrom = continueFrom };

    /// <summary>Samples that the goal comes to, as far as can be seen from a value on its way.</summary>
    public int SamplesFor(ComparisonCell cell, MetricResult? soFar)
    {
        var most = cell.Goal ?? MetricOptions.DefaultSamples;
        return cell.Goal is null && soFar is { StandardError: > 0, Samples: >= 16, Value: > 0 }
            ? Math.Clamp((int)(soFar.Samples * Math.Pow(1.96 * soFar.StandardError.Value / (target * soFar.Value), 2)), soFar.Samples, Math.Max(most, soFar.Samples))
            : most;
    }
}
