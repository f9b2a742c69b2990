using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// E-LPIPS (Kettunen, Härkönen, Lehtinen 2019): the mean of a distance of deep features over random transforms and dropout that both images share, which makes
/// it hard to fool. See <see cref="Sampling"/> for how the transforms are drawn.
/// </summary>
/// <param name="name">For example <c>elpips-squeeze</c>.</param>
/// <param name="load">Loads the weights; called by the first measurement.</param>
internal sealed class ELpipsMetric(string name, Func<FeatureDistance> load) : IMetric
{
    internal const int SmallestSide = 32;

    // SqueezeNet's last pool needs 31 pixels after the shift has added 7.
    private const int SmallestScaledSide = 24;

    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);
    private FeatureDistance? _distance;

    public string Name => name;

    public MetricInput Input { get; } = MetricInput.Photographs(SmallestSide);

    public bool LowerIsBetter => true;

    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        foreach (var batch in MeasureMany(b, [a], options, ct))
        {
            yield return batch.Results[0];
        }
    }

    public IEnumerable<MetricBatch> MeasureMany(ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = options.Validated();
        SeparateMeasurements.RequireCandidates(candidates);
        var (right, left) = Input.Convert(reference, candidates, name, settings);
        var scales = Scales(reference, settings);
        _distance ??= load();
        var run = new ELpipsRun(name, _distance, right, left, settings, scales);
        var start = Stopwatch.GetTimestamp();
        foreach (var step in run.Steps(ct))
        {
            if (step && Stopwatch.GetElapsedTime(start) >= Slice)
            {
                yield return run.Batch(final: false);
                start = Stopwatch.GetTimestamp();
            }
        }

        yield return run.Batch(final: true);
    }

    public void Dispose()
    {
        _distance?.Dispose();
        _distance = null;
    }

    private int Scales(ImageBuffer image, MetricOptions options)
    {
        var scales = options.Scales ?? ELpipsSampler.Scales(image.Height, image.Width);
        var smallest = ELpipsTransform.ScaledSide(Math.Min(image.Height, image.Width), scales);
        return scales == 1 || smallest >= SmallestScaledSide
            ? scales
            : throw new MetricInputException(
                $"At scale {scales} images of {image.Width} × {image.Height} shrink to {smallest} pixels, but {name} needs {SmallestScaledSide} there: "
                + $"ask for scales up to {ELpipsSampler.Scales(image.Height, image.Width)}, or choose larger images.");
    }
}
