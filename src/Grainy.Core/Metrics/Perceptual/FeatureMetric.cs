using Grainy.Core.Images;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>A deterministic distance of deep features: LPIPS, the plain modes of E-LPIPS, and the built-in network.</summary>
/// <param name="name">For example <c>lpips-alex</c>.</param>
/// <param name="family">First part of the fingerprint.</param>
/// <param name="load">Loads the weights; called by the first measurement.</param>
internal sealed class FeatureMetric(string name, string family, Func<FeatureDistance> load) : IMetric
{
    internal const int SmallestSide = 32;

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
        options.Validated();
        SeparateMeasurements.RequireCandidates(candidates);
        var (right, left) = Input.Convert(reference, candidates, name, options);
        _distance ??= load();
        var layers = candidates.Select(_ => Array.Empty<double>()).ToArray();
        var tiled = new TiledDistance(_distance, right, left);
        foreach (var share in tiled.Measure([PictureDraw.Plain], (_, values) => layers = values, ct))
        {
            var final = share >= 1;
            yield return new MetricBatch([.. layers.Select(perLayer => Result(perLayer, options, final))], [], final);
        }
    }

    public void Dispose()
    {
        _distance?.Dispose();
        _distance = null;
    }

    private MetricResult Result(double[] perLayer, MetricOptions options, bool final) => new(
        name, perLayer.Sum(), null, 1, options.Seed, $"{family}; {_distance!.Description}; {MetricInput.Describe(options)}", perLayer, final);
}
