using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Metrics;

/// <summary>
/// The distance on VGG-16 written as plain loops in float64 from the descriptions alone: scaling, convolutions, rectifiers, pools, unit length, weighted
/// squared differences. Random numbers stand for the trained weights.
/// </summary>
internal static class LiteralVgg
{
    private static readonly (int Index, int Input, int Output)[] Layers =
    [
        (0, 3, 64), (2, 64, 64), (5, 64, 128), (7, 128, 128), (10, 128, 256), (12, 256, 256), (14, 256, 256), (17, 256, 512), (19, 512, 512), (21, 512, 512),
        (24, 512, 512), (26, 512, 512), (28, 512, 512),
    ];

    private static readonly double[] Shift = [-0.030, -0.088, -0.188];
    private static readonly double[] Scale = [0.458, 0.448, 0.450];

    /// <summary>Kernels that keep the variance from layer to layer, and small biases; the same every time.</summary>
    public static WeightSet Weights { get; } = RandomWeights();

    /// <summary>Heads for all fourteen or for the five layers.</summary>
    public static WeightSet Heads(bool full)
    {
        var random = new RandomStream(full ? 5u : 6u);
        int[] channels = full ? [3, 64, 64, 128, 128, 256, 256, 256, 512, 512, 512, 512, 512, 512] : [64, 128, 256, 512, 512];
        var tensors = channels.Select((count, layer) => (Name: $"lin{layer}.model.1.weight",
            Tensor: new WeightTensor([1, count, 1, 1], [.. Enumerable.Range(0, count).Select(_ => (float)(random.NextDouble() / count * 10))])));
        return new WeightSet("heads", "test", new string('1', 64), tensors.ToDictionary(head => head.Name, head => head.Tensor));
    }

    /// <summary>Contribution of each layer.</summary>
    /// <param name="full">True for E-LPIPS: average pools, fourteen layers; false for LPIPS: maximum pools, five.</param>
    /// <param name="dropped">Per convolution, the dropped places in the order height, width, channel; null for none. Those kept are scaled by 1 / 0.99.</param>
    public static double[] Distance(ImageBuffer a, ImageBuffer b, bool full, Func<long, IEnumerable<long>>? dropped)
    {
        var heads = Heads(full);
        var (height, width) = (a.Height, a.Width);
        var (x, y) = (Scaled(a), Scaled(b));
        var distances = new List<double>();
        if (full)
        {
            Compare(3);
        }

        foreach (var (index, input, output) in Layers)
        {
            if (index is 5 or 10 or 17 or 24)
            {
                (x, y) = (Pooled(x, input, height, width, full), Pooled(y, input, height, width, full));
                (height, width) = (height / 2, width / 2);
            }

            if (dropped is not null)
            {
                var places = dropped((long)input * height * width).ToHashSet();
                (x, y) = (Masked(x, input, height * width, places), Masked(y, input, height * width, places));
            }

            (x, y) = (Convolved(x, index, input, output, height, width), Convolved(y, index, input, output, height, width));
            if (full || index is 2 or 7 or 14 or 21 or 28)
            {
                Compare(output);
            }
        }

        return [.. distances];

        void Compare(int channels)
        {
            var weights = heads.Tensors[$"lin{distances.Count}.model.1.weight"].Values;
            var (places, sum) = (height * width, 0.0);
            for (var at = 0; at < places; at++)
            {
                double lengthX = 0, lengthY = 0;
                for (var c = 0; c < channels; c++)
                {
                    lengthX += x[(c * places) + at] * x[(c * places) + at];
                    lengthY += y[(c * places) + at] * y[(c * places) + at];
                }

                (lengthX, lengthY) = (Math.Sqrt(lengthX) + 1e-10, Math.Sqrt(lengthY) + 1e-10);
                for (var c = 0; c < channels; c++)
                {
                    var difference = (x[(c * places) + at] / lengthX) - (y[(c * places) + at] / lengthY);
                    sum += weights[c] * difference * difference;
                }
            }

            distances.Add(sum / places);
        }
    }

    private static double[] Scaled(ImageBuffer image)
    {
        var places = image.Height * image.Width;
        return [.. image.Planes.Select((sample, i) => ((2.0 * sample) - 1 - Shift[i / places]) / Scale[i / places])];
    }

    private static double[] Masked(double[] samples, int channels, int places, HashSet<long> dropped)
    {
        var masked = new double[samples.Length];
        for (var i = 0; i < samples.Length; i++)
        {
            var (channel, at) = Math.DivRem(i, places);
            masked[i] = dropped.Contains(((long)at * channels) + channel) ? 0 : samples[i] / 0.99;
        }

        return masked;
    }

    private static double[] Pooled(double[] samples, int channels, int height, int width, bool average)
    {
        var (h, w) = (height / 2, width / 2);
        var pooled = new double[channels * h * w];
        for (var i = 0; i < pooled.Length; i++)
        {
            var (channel, rest) = Math.DivRem(i, h * w);
            var corner = (channel * height * width) + (2 * (rest / w) * width) + (2 * (rest % w));
            double[] block = [samples[corner], samples[corner + 1], samples[corner + width], samples[corner + width + 1]];
            pooled[i] = average ? block.Average() : block.Max();
        }

        return pooled;
    }

    private static double[] Convolved(double[] samples, int index, int input, int output, int height, int width)
    {
        var (kernel, bias) = (Weights.Tensors[$"features.{index}.weight"].Values, Weights.Tensors[$"features.{index}.bias"].Values);
        var result = new double[output * height * width];
        for (var o = 0; o < output; o++)
        {
            var target = result.AsSpan(o * height * width, height * width);
            target.Fill(bias[o]);
            for (var i = 0; i < input; i++)
            {
                for (var tap = 0; tap < 9; tap++)
                {
                    var (dy, dx, weight) = ((tap / 3) - 1, (tap % 3) - 1, (double)kernel[(((o * input) + i) * 9) + tap]);
                    for (var row = Math.Max(0, -dy); row < Math.Min(height, height - dy); row++)
                    {
                        var source = (i * height * width) + ((row + dy) * width) + dx;
                        for (var column = Math.Max(0, -dx); column < Math.Min(width, width - dx); column++)
                        {
                            target[(row * width) + column] += weight * samples[source + column];
                        }
                    }
                }
            }

            foreach (ref var value in target)
            {
                value = Math.Max(0, value);
            }
        }

        return result;
    }

    private static WeightSet RandomWeights()
    {
        var random = new RandomStream(17);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (index, input, output) in Layers)
        {
            var spread = Math.Sqrt(6.0 / (9 * input)); // uniform, variance 2 / inputs
            tensors[$"features.{index}.weight"] = new WeightTensor([output, input, 3, 3], Uniform(output * input * 9, spread));
            tensors[$"features.{index}.bias"] = new WeightTensor([output], Uniform(output, 0.05));
        }

        return new WeightSet("vgg16_features", "test", new string('2', 64), tensors);

        float[] Uniform(int count, double spread)
        {
            var values = new float[count];
            for (var i = 0; i < count; i++)
            {
                values[i] = (float)(((2 * random.NextDouble()) - 1) * spread);
            }

            return values;
        }
    }
}
