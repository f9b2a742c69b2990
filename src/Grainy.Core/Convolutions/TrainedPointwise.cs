using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>A 1 × 1 convolution with its leaky rectifier, forward and backward, on runs of pixels whose numbers stay in a processor's own cache from layer to layer.</summary>
/// <param name="output">O.</param>
/// <param name="input">C, a multiple of sixteen.</param>
/// <param name="slope">Of the rectifier; 1 for none.</param>
internal sealed unsafe class TrainedPointwise(int output, int input, float slope)
{
    /// <summary>The longest run.</summary>
    public const int MostPixels = 96;

    private readonly float[] _forward = new float[TrainedKernels.Padded(output) * input]; // [columns / 16, C, 16]
    private readonly float[] _backward = new float[TrainedKernels.Padded(output) * input]; // [C / 16, columns, 16]
    private readonly float[] _bias = new float[TrainedKernels.Padded(output)];
    private readonly float[] _none = new float[input];

    /// <summary>O, padded with zeros to a multiple of sixteen, as in all results and gradients.</summary>
    public int Columns { get; } = TrainedKernels.Padded(output);

    /// <summary>Numbers that <see cref="AddWeights"/> adds to.</summary>
    public int SumsLength => (Room + 1) * Columns;

    private int Room => (input + Products.Rows - 1) / Products.Rows * Products.Rows;

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
                _backward[(((column / Products.Channels * Columns) + row) * Products.Channels) + (column % Products.Channels)] = value;
            }
        }
    }

    /// <summary>Convolves and rectifies.</summary>
    /// <param name="x"><c>[count, C]</c>.</param>
    /// <param name="result"><c>[count, Columns]</c>.</param>
    /// <param name="count">Pixels.</param>
    public void Run(float* x, float* result, int count)
    {
        fixed (float* kernels = _forward, bias = _bias)
        {
            LineProducts.Run(x, input, new Products.Window(1, 0, input), kernels, bias, Columns, slope, result, Columns, count);
        }
    }

    /// <summary>Gradients of what it read.</summary>
    /// <param name="gradient">Before the rectifier, <c>[count, Columns]</c>.</param>
    /// <param name="result"><c>[count, C]</c>.</param>
    /// <param name="count">Pixels.</param>
    /// <param name="rectified">What it read, as a rectifier gave it: the gradient before that one is wanted.</param>
    /// <param name="before">Slope of that rectifier; 1 for none.</param>
    public void Inputs(float* gradient, float* result, int count, float* rectified, float before)
    {
        fixed (float* kernels = _backward, bias = _none)
        {
            LineProducts.Run(gradient, Columns, new Products.Window(1, 0, Columns), kernels, bias, input, 1, result, input, count);
        }

        for (var i = 0; i < count * input; i += Vector256<float>.Count)
        {
            TileGradients.Masked(Vector256.Load(result + i), Vector256.Load(rectified + i), before).Store(result + i);
        }
    }

    /// <summary>Adds the gradients of kernels and biases.</summary>
    /// <param name="gradient">Before the rectifier, <c>[count, Columns]</c>.</param>
    /// <param name="x">What it read, <c>[count, C]</c>.</param>
    /// <param name="count">Pixels, at most <see cref="MostPixels"/>.</param>
    /// <param name="sums">Of <see cref="SumsLength"/>.</param>
    public void AddWeights(float* gradient, float* x, int count, float* sums)
    {
        // Sixteen columns close together: lines a multiple of many bytes apart would push each other out of the cache.
        var packed = stackalloc float[MostPixels * Products.Channels];
        OuterProducts.AddRows(gradient, Columns, count, sums + (Room * Columns), Columns);
        for (var column = 0; column < Columns; column += Products.Channels)
        {
            for (var pixel = 0; pixel < count; pixel++)
            {
                Vector512.Load(gradient + (pixel * Columns) + column).Store(packed + (pixel * Products.Channels));
            }

            for (var row = 0; row < input; row += Products.Rows)
            {
                OuterProducts.Add(x + row, input, packed, Products.Channels, count, sums + (row * Columns) + column, Columns);
            }
        }
    }

    /// <summary>The gradients from sums of several shares of the work, added up in their order.</summary>
    /// <param name="sums">Of the first share; the others follow.</param>
    /// <param name="shares">How many.</param>
    /// <param name="step">Numbers between shares.</param>
    /// <param name="kernels"><c>[O, C]</c>; overwritten.</param>
    /// <param name="bias"><c>[O]</c>; overwritten.</param>
    public void Weights(float* sums, int shares, long step, float* kernels, float* bias)
    {
        for (var row = 0; row < output; row++)
        {
            for (var column = 0; column < input; column++)
            {
                kernels[(row * input) + column] = Sum((column * Columns) + row);
            }

            bias[row] = Sum((Room * Columns) + row);
        }

        float Sum(int at)
        {
            var sum = 0f;
            for (var share = 0; share < shares; share++)
            {
                sum += sums[(share * step) + at];
            }

            return sum;
        }
    }
}
