using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>
/// A 1 × 1 convolution with its leaky rectifier, forward and backward. Sums are taken in a fixed order, so that results depend on neither threads nor their turns.
/// </summary>
/// <param name="output">O; maps hold it padded with zeros to a multiple of sixteen.</param>
/// <param name="input">C, a multiple of sixteen.</param>
/// <param name="slope">Of the rectifier; 1 for none.</param>
internal sealed unsafe class TrainedPointwise(int output, int input, float slope)
{
    private const int PixelsAtOnce = 96;

    // Shares of the work whose sums are kept apart.
    private const int Shares = 8;

    private readonly int _columns = TrainedKernels.Padded(output);
    private readonly float[] _forward = new float[TrainedKernels.Padded(output) * input]; // [columns / 16, C, 16]
    private readonly float[] _backward = new float[TrainedKernels.Padded(output) * input]; // [C / 16, columns, 16]
    private readonly float[] _bias = new float[TrainedKernels.Padded(output)];
    private readonly float[] _none = new float[input];

    /// <summary>Takes in new numbers.</summary>
    /// <param name="kernels"><c>[O, C]</c>; borrowed.</param>
    /// <param name="bias"><c>[O]</c>; borrowed.</param>
    public void Load(float* kernels, float* bias)
    {
        new ReadOnlySpan<float>(bias, output).CopyTo(_bias);
        for (var row = 0; row < output; row++)
        {
            for (var column = 0; column < input; column++)
            {
                var value = kernels[(row * input) + column];
                _forward[(((row / Products.Channels * input) + column) * Products.Channels) + (row % Products.Channels)] = value;
                _backward[(((column / Products.Channels * _columns) + row) * Products.Channels) + (column % Products.Channels)] = value;
            }
        }
    }

    /// <summary>Convolves and rectifies; the caller owns the result, whose channels are padded.</summary>
    public FeatureMap Run(FeatureMap images)
    {
        var result = new FeatureMap(images.Count, images.Height, images.Width, _columns);
        Each(images, result, _forward, _bias, slope, null, 1);
        return result;
    }

    /// <summary>Gradients of what it read; the caller owns them.</summary>
    /// <param name="gradient">Before the rectifier; borrowed.</param>
    /// <param name="rectified">What it read, when a rectifier gave that: the gradient before that one is wanted.</param>
    /// <param name="before">Slope of that rectifier.</param>
    public FeatureMap Inputs(FeatureMap gradient, FeatureMap? rectified, float before)
    {
        var result = new FeatureMap(gradient.Count, gradient.Height, gradient.Width, input);
        Each(gradient, result, _backward, _none, 1, rectified, before);
        return result;
    }

    /// <summary>Gradients of kernels and biases.</summary>
    /// <param name="gradient">Before the rectifier; borrowed.</param>
    /// <param name="images">What it read; borrowed.</param>
    /// <param name="kernels"><c>[O, C]</c>; overwritten.</param>
    /// <param name="bias"><c>[O]</c>; overwritten.</param>
    public void Weights(FeatureMap gradient, FeatureMap images, float* kernels, float* bias)
    {
        var pixels = gradient.Count * gradient.Height * gradient.Width;
        var room = (input + Products.Rows - 1) / Products.Rows * Products.Rows;
        // The last line holds the sums of the biases.
        using var sums = new FeatureMap(1, Shares, room + 1, _columns);
        new Span<float>(sums.Data, (int)sums.Length).Clear();
        Spread.For(Shares, share =>
        {
            var (from, to) = ((int)((long)pixels * share / Shares), (int)((long)pixels * (share + 1) / Shares));
            var own = sums.At(0, share, 0);
            // Sixteen columns close together: lines a multiple of many bytes apart would push each other out of the cache.
            var packed = stackalloc float[PixelsAtOnce * Products.Channels];
            for (var first = from; first < to; first += PixelsAtOnce)
            {
                var count = Math.Min(PixelsAtOnce, to - first);
                var left = images.Data + ((long)first * input);
                var right = gradient.Data + ((long)first * _columns);
                OuterProducts.AddRows(right, _columns, count, own + (room * _columns), _columns);
                for (var column = 0; column < _columns; column += Products.Channels)
                {
                    for (var pixel = 0; pixel < count; pixel++)
                    {
                        Vector512.Load(right + (pixel * _columns) + column).Store(packed + (pixel * Products.Channels));
                    }

                    for (var row = 0; row < input; row += Products.Rows)
                    {
                        OuterProducts.Add(left + row, input, packed, Products.Channels, count, own + (row * _columns) + column, _columns);
                    }
                }
            }
        });
        for (var row = 0; row < output; row++)
        {
            for (var column = 0; column < input; column++)
            {
                kernels[(row * input) + column] = Sum(column, row);
            }

            bias[row] = Sum(room, row);
        }

        float Sum(int line, int column)
        {
            var sum = 0f;
            for (var share = 0; share < Shares; share++)
            {
                sum += sums.At(0, share, line)[column];
            }

            return sum;
        }
    }

    private static void Each(FeatureMap from, FeatureMap to, float[] kernels, float[] biases, float slope, FeatureMap? rectified, float before)
    {
        var pixels = from.Count * from.Height * from.Width;
        var window = new Products.Window(1, 0, from.Channels);
        Spread.For((pixels + PixelsAtOnce - 1) / PixelsAtOnce, part =>
        {
            var first = (long)part * PixelsAtOnce;
            var count = (int)Math.Min(PixelsAtOnce, pixels - first);
            var target = to.Data + (first * to.Channels);
            fixed (float* right = kernels, bias = biases)
            {
                LineProducts.Run(from.Data + (first * from.Channels), from.Channels, window, right, bias, to.Channels, slope, target, to.Channels, count);
            }

            if (rectified is not null)
            {
                var values = rectified.Data + (first * to.Channels);
                for (var i = 0; i < count * to.Channels; i += Vector256<float>.Count)
                {
                    TileGradients.Masked(Vector256.Load(target + i), Vector256.Load(values + i), before).Store(target + i);
                }
            }
        });
    }
}
