using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>Peak signal-to-noise ratio for a data range of 1: 10·log₁₀(1 / MSE), the mean over all channels. Neither image is clipped.</summary>
public sealed class PsnrMetric : IMetric
{
    /// <inheritdoc/>
    public string Name => "psnr";

    /// <summary>In decibels; positive infinity for equal images.</summary>
    /// <exception cref="MetricInputException">The sizes differ or a value is not finite.</exception>
    public static double Between(ImageBuffer a, ImageBuffer b)
    {
        MetricInputs.RequireComparable(a, b, "psnr", 1);
        var (x, y) = a.Channels == b.Channels ? (a.Planes, b.Planes) : (a.ToRgb().Planes, b.ToRgb().Planes);
        var sum = 0.0;
        for (var i = 0; i < x.Length; i++)
        {
            var difference = (double)x[i] - y[i];
            sum += difference * difference;
        }

        return sum == 0 ? double.PositiveInfinity : -10 * Math.Log10(sum / x.Length);
    }

    /// <inheritdoc/>
    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        yield return new MetricResult(Name, Between(a, b), null, 1, options.Seed, "psnr; range 1; mean over channels", [], Final: true);
    }

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }
}
