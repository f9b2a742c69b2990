namespace Grainy.Core.Metrics;

/// <summary>Several candidates against one reference.</summary>
/// <param name="Results">One per candidate, in their order; while the batch is not final it may hold only the first ones.</param>
/// <param name="Differences">Between neighbours in the order of their distance, nearest first; empty for deterministic metrics.</param>
/// <param name="Final">False while values are still being refined.</param>
public sealed record MetricBatch(IReadOnlyList<MetricResult> Results, IReadOnlyList<PairedDifference> Differences, bool Final);

/// <summary>
/// How much farther one candidate is than another, measured under the same transforms: far more exact than the two values' own errors suggest.
/// </summary>
/// <param name="First">Number of the nearer candidate, from 0.</param>
/// <param name="Second">Number of the other.</param>
/// <param name="Difference">Distance of <paramref name="Second"/> minus that of <paramref name="First"/>.</param>
/// <param name="StandardError">Of <paramref name="Difference"/>; not a number while it cannot be known.</param>
public sealed record PairedDifference(int First, int Second, double Difference, double StandardError);
