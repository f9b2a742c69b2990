using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics;

/// <summary>A deterministic distance of deep features: LPIPS, or the built-in network.</summary>
/// <param name="name">For example <c>lpips-alex</c>.</param>
/// <param name="family">First part of the fingerprint.</param>
/// <param name="load">Loads the weights; called by the first measurement.</param>
internal sealed class FeatureMetric(string name, string family, Func<FeatureDistance> load) : IMetric
{
    internal const int SmallestSide = 32;

    private FeatureDistance? _distance;

    public string Name => name;

    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        MetricInputs.RequirePerceptual(a, b, name, SmallestSide);
        ct.ThrowIfCancellationRequested();
        var perLayer = Distance(a, b);
        yield return new MetricResult(name, perLayer.Sum(), null, 1, options.Seed, $"{family}; {_distance!.Description}; range [0,1]", perLayer, Final: true);
    }

    public void Dispose()
    {
        _distance?.Dispose();
        _distance = null;
    }

    private double[] Distance(ImageBuffer a, ImageBuffer b)
    {
        _distance ??= load();
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return _distance.Between(a.ToRgb().ToTensor(), b.ToRgb().ToTensor(), dropout: null).PerLayer();
    }
}

/// <summary>Reading results.</summary>
internal static class LayerValues
{
    /// <summary>The numbers of <c>[L, 1]</c>; borrowed.</summary>
    public static double[] PerLayer(this Tensor layers)
    {
        layers.Require("L 1");
        using var scope = NewDisposeScope();
        return [.. layers.detach().cpu().contiguous().data<float>().ToArray().Select(value => (double)value)];
    }
}
