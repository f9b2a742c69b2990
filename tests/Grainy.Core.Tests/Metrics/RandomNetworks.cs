using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Every network of the catalog with random weights (He 2015), so that its graph can be tested without the files of others.</summary>
internal static class RandomNetworks
{
    /// <summary>Names for <see cref="Distance"/>.</summary>
    public static readonly string[] Names = ["squeeze lpips", "squeeze floor", "squeeze full", "alex", "compact", "vgg lpips", "vgg full"];

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
                AddAll([.. CompactFeatures.Convolutions.Select(layer => (layer.Name, (int)layer.Output, (int)layer.Input, (int)layer.Side))]);
                network = new CompactFeatures(weights, CPU);
                break;
            case "vgg lpips" or "vgg full":
                AddAll([.. VggFeatures.Convolutions.Select((layer, i) => ($"features.{layer.Index}", layer.Channels, i == 0 ? 3 : VggFeatures.Convolutions[i - 1].Channels, 3))]);
                network = new VggFeatures(weights, name == "vgg full" ? VggVariant.Full : VggVariant.Lpips, CPU);
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
                tensors[convolution + ".weight"] = Noise(Math.Sqrt(2.0 / (input * side * side)), output, input, side, side);
                tensors[convolution + ".bias"] = Noise(0.1, output);
            }
        }

        // Uniform, of the same variance as a normal one and quicker to draw.
        WeightTensor Noise(double deviation, params long[] shape)
        {
            var values = new float[shape.Aggregate((product, size) => product * size)];
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)(deviation * Math.Sqrt(3) * ((2 * random.NextDouble()) - 1));
            }

            return new WeightTensor(shape, values);
        }
    }
}
