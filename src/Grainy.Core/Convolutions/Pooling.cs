using System.Numerics;
using System.Runtime.CompilerServices;

namespace Grainy.Core.Convolutions;

/// <summary>Pooling without padding, in vector code.</summary>
internal static unsafe class Pooling
{
    /// <summary>Maxima or means of windows; the caller owns the result.</summary>
    /// <param name="images">Borrowed.</param>
    /// <param name="side">Of the window.</param>
    /// <param name="stride">Pixels between neighbouring windows.</param>
    /// <param name="ceiling">Windows that reach over the far border count too, with what they hold.</param>
    /// <param name="average">Means instead of maxima; not with <paramref name="ceiling"/>.</param>
    public static FeatureMap Run(FeatureMap images, int side, int stride, bool ceiling = false, bool average = false)
    {
        if (images.Channels % Vector<float>.Count != 0)
        {
            throw new ArgumentException($"The channels must fill vectors of {Vector<float>.Count}; {images.Channels} do not.", nameof(images));
        }

        var result = new FeatureMap(images.Count, Side(images.Height), Side(images.Width), images.Channels);
        Spread.For(result.Count * result.Height, line =>
        {
            var (image, row) = Math.DivRem(line, result.Height);
            var rows = Math.Min(side, images.Height - (row * stride));
            for (var column = 0; column < result.Width; column++)
            {
                var columns = Math.Min(side, images.Width - (column * stride));
                Window(images.At(image, row * stride, column * stride), result.At(image, row, column), (rows, columns), images.Width, images.Channels, average);
            }
        });
        return result;

        // As in the libraries: with ceiling, each window still begins inside.
        int Side(int length) => length < side
            ? throw new ArgumentException($"A picture of {images.Width} × {images.Height} is smaller than the window.", nameof(images))
            : ceiling ? Math.Min(((length - side + stride - 1) / stride) + 1, (length - 1) / stride + 1) : ((length - side) / stride) + 1;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Window(float* from, float* to, (int Rows, int Columns) size, int width, int channels, bool average)
    {
        var share = new Vector<float>(1f / (size.Rows * size.Columns));
        for (var channel = 0; channel < channels; channel += Vector<float>.Count)
        {
            var (most, sum) = (new Vector<float>(float.NegativeInfinity), Vector<float>.Zero);
            for (var row = 0; row < size.Rows; row++)
            {
                var place = from + ((long)row * width * channels) + channel;
                for (var column = 0; column < size.Columns; column++, place += channels)
                {
                    var value = *(Vector<float>*)place;
                    (most, sum) = (Vector.MaxNative(most, value), sum + value);
                }
            }

            *(Vector<float>*)(to + channel) = average ? sum * share : most;
        }
    }
}
