using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics;

/// <summary>One metric of the catalog.</summary>
/// <param name="Name">For example <c>lpips-squeeze</c>.</param>
/// <param name="Weights">Names of the weights it needs: backbone first, heads last; one name where a file holds both.</param>
/// <param name="Network">Makes the network of the backbone; null for metrics without one.</param>
/// <param name="Make">Makes the metric; the function loads its distance when it is first needed.</param>
internal sealed record MetricEntry(
    string Name, string[] Weights, Func<WeightSet, Device, FeatureNetwork>? Network, Func<string, Func<FeatureDistance>, IMetric> Make)
{
    /// <summary>A metric that is plain arithmetic.</summary>
    public MetricEntry(string name, Func<IMetric> make)
        : this(name, [], null, (_, _) => make())
    {
    }
}
