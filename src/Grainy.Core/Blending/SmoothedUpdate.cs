using System.Numerics;
using System.Runtime.CompilerServices;
using Grainy.Core.Convolutions;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// The steps of <see cref="BlendOptimizer"/> in the fast mode, in vector code: a dozen operations of the tensor library in three passes over the picture. Sums run in a fixed
/// order, so that a picture does not depend on the number of threads.
/// </summary>
/// <param name="height">Of the picture.</param>
/// <param name="width">Of the picture.</param>
internal sealed unsafe class SmoothedUpdate(int height, int width)
{
    private const int Channels = 3;
    private const float Lowest = 1e-5f;
    private const float Highest = 1 - 1e-5f;
    private const float Tiny = 1e-20f;

    // What is kept of a pixel's own colour: a share of their own keeps every picture within reach.
    private const float OwnColour = 0.2f;

    private readonly float[] _mean = new float[Channels * height * width];
    private readonly float[] _square = new float[Channels * height * width];
    private readonly float[] _colour = new float[Channels * height * width];
    private readonly float[] _smooth = new float[Channels * height * width];
    private readonly float[] _brightness = new float[height * width];
    private readonly double[] _sums = new double[Channels * height];

    /// <summary>Takes in a gradient.</summary>
    /// <param name="gradient"><c>[1, 3, height, width]</c>, float32 on the CPU, contiguous; borrowed.</param>
    /// <param name="first">How much of the mean stays.</param>
    /// <param name="second">How much of the mean square stays.</param>
    public void Take(Tensor gradient, float first, float second)
    {
        fixed (byte* bytes = gradient.bytes)
        {
            var start = (nint)bytes;
            Spread.For(_sums.Length, row =>
            {
                fixed (float* mean = _mean, square = _square)
                {
                    _sums[row] = Moments((float*)start + (row * width), mean + (row * width), square + (row * width), first, second);
                }
            });
        }
    }

    /// <summary>Moves the picture against the smoothed ratio of mean and root mean square.</summary>
    /// <param name="picture"><c>[1, 3, height, width]</c>, float32 on the CPU, contiguous; changed.</param>
    /// <param name="step">Of the ratio.</param>
    /// <param name="floor">Share of the root of the mean over the picture that is added to each root.</param>
    public void Move(Tensor picture, double step, double floor)
    {
        var least = (float)(floor * Math.Sqrt(_sums.Sum() / _mean.Length)) + Tiny;
        Spread.For(height, row => Split(row, least));
        Spread.For(_sums.Length, row => Box(_colour, _smooth, row));
        fixed (byte* bytes = picture.bytes)
        {
            var start = (nint)bytes;
            Spread.For(_sums.Length, row =>
            {
                var line = stackalloc float[width];
                var smooth = new Span<float>(line, width);
                Box(_smooth, smooth, row, row * width);
                var own = _colour.AsSpan(row * width, width);
                Move(new Span<float>((float*)start + (row * width), width), _brightness.AsSpan(row % height * width, width), own, smooth, (float)step);
            });
        }
    }

    /// <summary>Moves a mean towards a value by a share of their difference.</summary>
    /// <param name="mean">Float32 on the CPU, contiguous; changed.</param>
    /// <param name="value">The same size; borrowed.</param>
    /// <param name="share">0 to 1.</param>
    public static void Approach(Tensor mean, Tensor value, float share)
    {
        fixed (byte* means = mean.bytes, values = value.bytes)
        {
            var (i, count) = (0, mean.numel());
            var to = (float*)means;
            var from = (float*)values;
            for (; i <= count - Vector<float>.Count; i += Vector<float>.Count)
            {
                var old = *(Vector<float>*)(to + i);
                *(Vector<float>*)(to + i) = old + ((*(Vector<float>*)(from + i) - old) * share);
            }

            for (; i < count; i++)
            {
                to[i] += (from[i] - to[i]) * share;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private double Moments(float* gradient, float* mean, float* square, float first, float second)
    {
        var (sum, i) = (Vector<float>.Zero, 0);
        for (; i <= width - Vector<float>.Count; i += Vector<float>.Count)
        {
            var value = *(Vector<float>*)(gradient + i);
            *(Vector<float>*)(mean + i) = (*(Vector<float>*)(mean + i) * first) + (value * (1 - first));
            sum += *(Vector<float>*)(square + i) = (*(Vector<float>*)(square + i) * second) + (value * value * (1 - second));
        }

        var total = (double)Vector.Sum(sum);
        for (; i < width; i++)
        {
            mean[i] = (first * mean[i]) + ((1 - first) * gradient[i]);
            total += square[i] = (second * square[i]) + ((1 - second) * gradient[i] * gradient[i]);
        }

        return total;
    }

    // Brightness, and what the channels differ from it by.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Split(int row, float least)
    {
        var (plane, from) = (height * width, row * width);
        fixed (float* means = _mean, squares = _square, colours = _colour, grey = _brightness)
        {
            var (i, end) = (from, from + width);
            for (; i <= end - Vector<float>.Count; i += Vector<float>.Count)
            {
                var (red, green, blue) = (Ratios(means, squares, i, least), Ratios(means, squares, plane + i, least), Ratios(means, squares, (2 * plane) + i, least));
                var brightness = (red + green + blue) * (1f / Channels);
                *(Vector<float>*)(grey + i) = brightness;
                *(Vector<float>*)(colours + i) = red - brightness;
                *(Vector<float>*)(colours + plane + i) = green - brightness;
                *(Vector<float>*)(colours + (2 * plane) + i) = blue - brightness;
            }

            for (; i < end; i++)
            {
                var (red, green, blue) = (Ratio(i, least), Ratio(plane + i, least), Ratio((2 * plane) + i, least));
                var brightness = (red + green + blue) * (1f / Channels);
                grey[i] = brightness;
                (colours[i], colours[plane + i], colours[(2 * plane) + i]) = (red - brightness, green - brightness, blue - brightness);
            }
        }
    }

    private float Ratio(int at, float least) => _mean[at] / (MathF.Sqrt(_square[at]) + least);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<float> Ratios(float* means, float* squares, int at, float least) =>
        *(Vector<float>*)(means + at) / (Vector.SquareRoot(*(Vector<float>*)(squares + at)) + new Vector<float>(least));

    private void Box(float[] from, float[] to, int row) => Box(from, to.AsSpan(row * width, width), row, row * width);

    // Means of 3 × 3; the border is repeated.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private void Box(float[] from, Span<float> to, int row, int start)
    {
        var inner = row % height;
        var above = from.AsSpan(inner > 0 ? start - width : start, width);
        var at = from.AsSpan(start, width);
        var below = from.AsSpan(inner < height - 1 ? start + width : start, width);
        var sums = stackalloc float[width + 2];
        var column = 0;
        for (; column <= width - Vector<float>.Count; column += Vector<float>.Count)
        {
            var sum = new Vector<float>(above[column..]) + new Vector<float>(at[column..]) + new Vector<float>(below[column..]);
            *(Vector<float>*)(sums + 1 + column) = sum;
        }

        for (; column < width; column++)
        {
            sums[1 + column] = above[column] + at[column] + below[column];
        }

        (sums[0], sums[width + 1]) = (sums[1], sums[width]);
        for (column = 0; column <= width - Vector<float>.Count; column += Vector<float>.Count)
        {
            var sum = *(Vector<float>*)(sums + column) + *(Vector<float>*)(sums + column + 1) + *(Vector<float>*)(sums + column + 2);
            (sum * (1f / 9)).CopyTo(to[column..]);
        }

        for (; column < width; column++)
        {
            to[column] = (sums[column] + sums[column + 1] + sums[column + 2]) * (1f / 9);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Move(Span<float> picture, Span<float> brightness, Span<float> own, Span<float> smooth, float step)
    {
        var i = 0;
        for (; i <= picture.Length - Vector<float>.Count; i += Vector<float>.Count)
        {
            var update = new Vector<float>(brightness[i..]) + (new Vector<float>(own[i..]) * OwnColour) + (new Vector<float>(smooth[i..]) * (1 - OwnColour));
            var moved = new Vector<float>(picture[i..]) + (update * step);
            Vector.Min(Vector.Max(moved, new Vector<float>(Lowest)), new Vector<float>(Highest)).CopyTo(picture[i..]);
        }

        for (; i < picture.Length; i++)
        {
            var update = brightness[i] + (OwnColour * own[i]) + ((1 - OwnColour) * smooth[i]);
            picture[i] = Math.Clamp(picture[i] + (step * update), Lowest, Highest);
        }
    }
}
