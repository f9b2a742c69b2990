using Grainy.Core.Images;

namespace Grainy.Core.Metrics.Psnr;

/// <summary>Peak signal-to-noise ratio: 10·log₁₀(range² / MSE), the mean over all channels. Neither image is clipped.</summary>
public sealed class PsnrMetric : IMetric
{
    /// <inheritdoc/>
    public string Name => "psnr";

    /// <inheritdoc/>
    public MetricInput Input { get; } = MetricInput.PerChannel(1);

    /// <inheritdoc/>
    public bool LowerIsBetter => false;

    /// <summary>In decibels for a data range of 1; positive infinity for equal images. Values of any size are taken.</summary>
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
        var (x, y) = Input.Convert(a, b, Name, options.Validated());
        ct.ThrowIfCancellationRequested();
        yield return new MetricResult(
            Name, Between(x, y), null, 1, options.Seed, $"psnr; {MetricInput.Describe(options)}; mean over channels", [], Final: true);
    }

    /// <inheritdoc/>
    public IEnumerable<MetricBatch> MeasureMany(ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct) =>
        SeparateMeasurements.Of(this, reference, candidates, options, ct);

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }
}
