namespace Grainy.Core.Metrics.ELpips;

/// <summary>What the samples so far say of one candidate.</summary>
/// <param name="Value">The mean distance.</param>
/// <param name="StandardError">Widened for few degrees of freedom, so that value ± 1.96 · error is a 95 % interval; null while it cannot be known.</param>
/// <param name="PerLayer">Adds up to <paramref name="Value"/>.</param>
internal readonly record struct SampleEstimate(double Value, double? StandardError, double[] PerLayer);
