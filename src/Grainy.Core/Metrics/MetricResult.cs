namespace Grainy.Core.Metrics;

/// <summary>How to measure.</summary>
public sealed record MetricOptions
{
    /// <summary>Random transforms to average over, at least 1; only E-LPIPS uses any. Null: 200.</summary>
    public int? Samples { get; init; }

    /// <summary>Seed of all random draws; the same seed gives the same value.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>Stop as soon as the standard error is at most this share of the value; null: always draw all samples.</summary>
    public double? TargetRelativeError { get; init; }

    /// <summary>Checks the ranges.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public MetricOptions Validated()
    {
        if (Samples is < 1 or > 1_000_000)
        {
            throw new ArgumentOutOfRangeException(nameof(Samples), Samples, "The number of samples must be between 1 and 1,000,000.");
        }

        return TargetRelativeError is null or (> 0 and < 1)
            ? this
            : throw new ArgumentOutOfRangeException(nameof(TargetRelativeError), TargetRelativeError, "The target of the relative error must be between 0 and 1.");
    }
}

/// <summary>One value with its doubt.</summary>
/// <param name="Metric">Name of the metric.</param>
/// <param name="Value">PSNR in decibels (positive infinity for equal images), SSIM in [−1, 1]; otherwise a distance, 0 for equal images.</param>
/// <param name="StandardError">Of <paramref name="Value"/> as an estimate of the mean over all transforms; null for deterministic metrics and while it cannot
/// be known.</param>
/// <param name="Samples">Random transforms used so far; 1 for deterministic metrics.</param>
/// <param name="Seed">As given.</param>
/// <param name="Fingerprint">All that the value depends on besides the images: values with different fingerprints must not be compared.</param>
/// <param name="PerLayer">Contributions that add up to <paramref name="Value"/>; empty for PSNR and SSIM.</param>
/// <param name="Final">False while the value is still being refined.</param>
public sealed record MetricResult(
    string Metric, double Value, double? StandardError, int Samples, ulong Seed, string Fingerprint, double[] PerLayer, bool Final);
