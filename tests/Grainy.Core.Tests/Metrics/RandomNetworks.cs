using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Every network of the catalog with random weights (He 2015), so that its graph can be tested without the files of others.</summary>
internal static class RandomNetworks
{
    /// <summary>Names for <see cref="Distance"/>.</summary>
    public static readonly string[] Names = ["squeeze lpips", "squeeze floor", "squeeze full", "alex", "compact"];

    /// <summary>A distance with random kernels, biases and heads; the caller disposes it.</summary>
    public static FeatureDistance Distance(string name)
    {
        var random = new RandomStream(17);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        var weights = new WeightSet(name, "random", new string('0', 64), tensors);
        FeatureNetwork network;
        switch (name)
        {
            case "alex":
                AddAll(("features.0", 64, 3, 11), ("features.3", 192, 64, 5), ("features.6", 384, 192, 3), ("features.8", 256, 384, 3), ("features.10", 256, 256, 3));
                network = new AlexFeatures(weights, CPU);
                break;
            case "compact":
                AddAll([.. CompactFeatures.Stages.Select((stage, i) => (CompactFeatures.Name(i), stage.Output, i == 0 ? 3 : CompactFeatures.Stages[i - 1].Output, stage.Side))]);
                network = new CompactFeatures(weights, CPU);
                break;
            default:
                AddSqueeze();
                network = new SqueezeFeatures(
                    weights, name == "squeeze full" ? SqueezeVariant.Full : name == "squeeze floor" ? SqueezeVariant.LpipsFloor : SqueezeVariant.Lpips, CPU);
                break;
        }

        for (var layer = 0; layer < network.Channels.Count; layer++)
        {
            var head = Enumerable.Range(0, network.Channels[layer]).Select(_ => (float)random.NextDouble()).ToArray();
            tensors[FeatureDistance.HeadName(layer)] = new WeightTensor([1, head.Length, 1, 1], head);
        }

        return new FeatureDistance(network, weights, CPU);

        void AddSqueeze()
        {
            AddAll(("features.0", 64, 3, 3));
            var input = 64;
            foreach (var (index, squeeze, expand) in new[] { (3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128), (9, 48, 192), (10, 48, 192), (11, 64, 256), (12, 64, 256) })
            {
                AddAll(($"features.{index}.squeeze", squeeze, input, 1), ($"features.{index}.expand1x1", expand, squeeze, 1), ($"features.{index}.expand3x3", expand, squeeze, 3));
                input = 2 * expand;
            }
        }

        void AddAll(params (string Name, int Output, int Input, int Side)[] convolutions)
        {
            foreach (var (convolution, output, input, side) in convolutions)
            {
                tensors[convolution + ".weight"] = Normal(Math.Sqrt(2.0 / (input * side * side)), output, input, side, side);
                tensors[convolution + ".bias"] = Normal(0.1, output);
            }
        }

        WeightTensor Normal(double deviation, params long[] shape) => new(
            shape,
            [.. Enumerable.Range(0, (int)shape.Aggregate((product, size) => product * size)).Select(_ => (float)(deviation * Gaussian()))]);

        double Gaussian() => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
    }
}
