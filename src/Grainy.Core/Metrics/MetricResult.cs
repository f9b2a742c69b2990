namespace Grainy.Core.Metrics;

/// <summary>One value with its doubt.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Value">PSNR in decibels (positive infinity for equal images), SSIM and MS-SSIM at most 1; otherwise a distance, 0 for equal images.</param>
/// <param name="StandardError">Of <paramref name="Value"/> as an estimate of the mean over all transforms: value ± 1.96 · error is its 95 % interval. Null for
/// deterministic metrics and while it cannot be known.</param>
/// <param name="Samples">Random transforms used so far; 1 for deterministic metrics.</param>
/// <param name="Seed">As given.</param>
/// <param name="Fingerprint">All that the value depends on besides the images: values with different fingerprints must not be compared.</param>
/// <param name="PerLayer">Contributions that add up to <paramref name="Value"/>; empty for PSNR, SSIM and MS-SSIM.</param>
/// <param name="Final">False while the value is still being refined.</param>
public sealed record MetricResult(
    string Metric, double Value, double? StandardError, int Samples, ulong Seed, string Fingerprint, double[] PerLayer, bool Final)
{
    /// <summary>
    /// State of the sampling as text of at most 4 KiB, to be given back as <see cref="MetricOptions.ContinueFrom"/>; null where nothing is sampled.
    /// </summary>
    public string? Continuation { get; init; }

    /// <summary>How the distance depends on each kind of transform; null where nothing is sampled.</summary>
    public IReadOnlyList<TransformShare>? Attribution { get; init; }
}
