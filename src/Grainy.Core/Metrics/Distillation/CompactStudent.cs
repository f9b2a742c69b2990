using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>The built-in network while it learns.</summary>
internal sealed class CompactStudent : IDisposable
{
    private readonly CompactFeatures _network;

    private CompactStudent(WeightSet first)
    {
        _network = new CompactFeatures(first, CPU);
        Distance = new FeatureDistance(_network, first, CPU);
        foreach (var parameter in Parameters)
        {
            parameter.requires_grad_();
        }
    }

    /// <summary>Its distance; differentiable.</summary>
    public FeatureDistance Distance { get; }

    /// <summary>All that is trained.</summary>
    public IEnumerable<Tensor> Parameters => _network.Parameters.Values.Concat(Distance.Heads);

    /// <summary>Random first weights: normal with variance 2 / (inputs of a unit) (He 2015), heads that weigh all channels alike.</summary>
    public static CompactStudent Create(SeedSequence seed)
    {
        using var scope = NewDisposeScope();
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        long input = 3;
        for (var stage = 0; stage < CompactFeatures.Stages.Length; stage++)
        {
            var (output, side, _) = CompactFeatures.Stages[stage];
            using var generator = seed.For("first weights", stage);
            var kernel = randn([output, input, side, side], generator: generator).Times(Math.Sqrt(2.0 / (input * side * side)));
            tensors[CompactFeatures.Name(stage) + ".weight"] = new WeightTensor([output, input, side, side], kernel.data<float>().ToArray());
            tensors[CompactFeatures.Name(stage) + ".bias"] = new WeightTensor([output], new float[output]);
            tensors[FeatureDistance.HeadName(stage)] = new WeightTensor([1, output, 1, 1], [.. Enumerable.Repeat(0.3f, output)]);
            input = output;
        }

        return new CompactStudent(new WeightSet("student", "student", new string('0', 64), tensors));
    }

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

    /// <summary>A copy of all weights.</summary>
    public IReadOnlyDictionary<string, WeightTensor> Export()
    {
        using var scope = NewDisposeScope();
        var tensors = _network.Parameters.ToDictionary(
            pair => pair.Key, pair => new WeightTensor(pair.Value.shape, pair.Value.detach().contiguous().data<float>().ToArray()));
        for (var layer = 0; layer < Distance.Heads.Count; layer++)
        {
            tensors[FeatureDistance.HeadName(layer)] = new WeightTensor(
                [1, Distance.Heads[layer].shape[0], 1, 1], Distance.Heads[layer].detach().data<float>().ToArray());
        }

        return tensors;
    }

    /// <summary>Frees the weights.</summary>
    public void Dispose() => Distance.Dispose();
}
