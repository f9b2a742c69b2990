using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>The built-in network while it learns.</summary>
internal sealed class CompactStudent : IDisposable
{
    private CompactStudent(WeightSet first)
    {
        Network = new CompactFeatures(first, CPU);
        Distance = new FeatureDistance(Network, first, CPU);
        foreach (var parameter in Parameters)
        {
            parameter.requires_grad_();
        }
    }

    /// <summary>Its layers.</summary>
    public CompactFeatures Network { get; }

    /// <summary>Its distance; differentiable.</summary>
    public FeatureDistance Distance { get; }

    /// <summary>All that is trained.</summary>
    public IEnumerable<Tensor> Parameters => Network.Parameters.Values.Concat(Distance.Heads);

    /// <summary>Random first weights: normal with variance 2 / (inputs of a unit) (He 2015), heads that weigh all channels alike.</summary>
    public static CompactStudent Create(SeedSequence seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var ((name, output, input, side), index) in CompactFeatures.Convolutions.Select((convolution, index) => (convolution, index)))
        {
            using var generator = seed.For("first weights", index);
            var kernel = randn([output, input, side, side], generator: generator).Times(Math.Sqrt(2.0 / (input * side * side)));
            tensors[name + ".weight"] = new WeightTensor([output, input, side, side], kernel.data<float>().ToArray());
            tensors[name + ".bias"] = new WeightTensor([output], new float[output]);
        }

        foreach (var (channels, layer) in CompactFeatures.StageChannels.Select((channels, layer) => (channels, layer)))
        {
            tensors[FeatureDistance.HeadName(layer)] = new WeightTensor([1, channels, 1, 1], [.. Enumerable.Repeat(0.1f, channels)]);
        }

        return From(tensors);
    }

    /// <summary>A network that was trained before.</summary>
    /// <exception cref="WeightFormatException">The tensors are not those of this network.</exception>
    public static CompactStudent From(IReadOnlyDictionary<string, WeightTensor> tensors) =>
        new(new WeightSet("a built-in perceptual network", "the network to start from", new string('0', 64), tensors));

    /// <summary>Puts the heads back into their range: a negative weight would reward differences.</summary>
    public void Constrain()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        foreach (var head in Distance.Heads)
        {
            head.clamp_min_(Arithmetic.Zero);
        }
    }

    /// <summary>A copy of all weights, rounded to what half precision holds: so they are stored.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Export()
    {
        using var scope = NewDisposeScope();
        var tensors = Network.Parameters.ToDictionary(pair => pair.Key, pair => new WeightTensor(pair.Value.shape, Rounded(pair.Value)));
        for (var layer = 0; layer < Distance.Heads.Count; layer++)
        {
            tensors[FeatureDistance.HeadName(layer)] = new WeightTensor([1, Distance.Heads[layer].shape[0], 1, 1], Rounded(Distance.Heads[layer]));
        }

        return tensors;
    }

    private static float[] Rounded(Tensor values) => Array.ConvertAll(values.detach().contiguous().data<float>().ToArray(), value => (float)(Half)value);

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Distance.Dispose();
}
