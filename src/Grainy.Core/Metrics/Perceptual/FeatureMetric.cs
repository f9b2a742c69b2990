using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>A deterministic distance of deep features: LPIPS, the plain modes of E-LPIPS, and the built-in network.</summary>
/// <param name="name">For example <c>lpips-alex</c>.</param>
/// <param name="family">First part of the fingerprint.</param>
/// <param name="load">Loads the weights; called by the first measurement.</param>
internal sealed class FeatureMetric(string name, string family, Func<FeatureDistance> load) : IMetric
{
    internal const int SmallestSide = 32;

    // Candidates that go through the network together: small images fill the cores better, large ones would take memory.
    private const long PixelsPerPass = 500_000;
    private const int MostPerPass = 16;

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
        foreach (var candidate in candidates)
        {
            Input.Require(candidate, reference, name, options);
        }

        MetricInputs.RequireBounded(reference, name);
        var perPass = (int)Math.Clamp(PixelsPerPass / ((long)reference.Width * reference.Height), 1, MostPerPass);
        var results = new List<MetricResult>();
        while (results.Count < candidates.Count)
        {
            ct.ThrowIfCancellationRequested();
            var converted = candidates.Skip(results.Count).Take(perPass).Select(candidate => Input.Convert(candidate, reference, name, options));
            results.AddRange(Distances([.. converted]).Select(perLayer => Result(perLayer, options)));
            yield return new MetricBatch([.. results], [], Final: results.Count == candidates.Count);
        }
    }

    public void Dispose()
    {
        _distance?.Dispose();
        _distance = null;
    }

    private MetricResult Result(double[] perLayer, MetricOptions options) => new(
        name, perLayer.Sum(), null, 1, options.Seed, $"{family}; {_distance!.Description}; {MetricInput.Describe(options)}", perLayer, Final: true);

    private double[][] Distances((ImageBuffer Candidate, ImageBuffer Reference)[] pairs)
    {
        _distance ??= load();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var layers = _distance.Between(cat([.. pairs.Select(pair => pair.Candidate.ToTensor())], 0), pairs[0].Reference.ToTensor(), dropout: null);
        return [.. layers.PerPair()];
    }
}
