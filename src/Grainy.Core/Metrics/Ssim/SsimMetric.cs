using Grainy.Core.Images;

namespace Grainy.Core.Metrics.Ssim;

/// <summary>
/// Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004): the mean of <see cref="SsimWindow"/> over the places where the window lies inside the image,
/// then over the channels.
/// </summary>
public sealed class SsimMetric : IMetric
{
    private const long PixelsPerSlice = 1_000_000;

    /// <inheritdoc/>
    public string Name => "ssim";

    /// <inheritdoc/>
    public MetricInput Input { get; } = MetricInput.PerChannel(SsimWindow.Side);

    /// <inheritdoc/>
    public bool LowerIsBetter => false;

    /// <inheritdoc/>
    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (x, y) = Input.Convert(a, b, Name, options.Validated());
        var fingerprint = $"ssim; 11×11 gaussian 1.5; K 0.01 0.03; {MetricInput.Describe(options)}; inside; mean over channels";
        var rows = x.Height - SsimWindow.Side + 1;
        var rowsPerSlice = (int)Math.Clamp(PixelsPerSlice / x.Width, 1, rows);
        double sum = 0;
        long count = 0;
        for (var channel = 0; channel < x.Channels; channel++)
        {
            for (var from = 0; from < rows; from += rowsPerSlice)
            {
                ct.ThrowIfCancellationRequested();
                var to = Math.Min(rows, from + rowsPerSlice);
                sum += SsimWindow.Sum(x.Plane(channel), y.Plane(channel), x.Width, from, to).Similarity;
                count += (long)(to - from) * (x.Width - SsimWindow.Side + 1);
                var final = channel == x.Channels - 1 && to == rows;
                yield return new MetricResult(Name, sum / count, null, 1, options.Seed, fingerprint, [], final);
            }
        }
    }

    /// <inheritdoc/>
    public IEnumerable<MetricBatch> MeasureMany(ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct) =>
        SeparateMeasurements.Of(this, reference, candidates, options, ct);

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }
}
