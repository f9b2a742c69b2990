using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace Grainy.Core.Convolutions;

/// <summary>The way back through <see cref="Pooling"/>: to the first of the largest of a window, or to all of it alike.</summary>
internal static unsafe class PoolingGradient
{
    private const int Lanes = 8;

    /// <summary>Gradients of what was pooled; the caller owns them.</summary>
    /// <param name="images">What was pooled; borrowed.</param>
    /// <param name="pooled">The result; borrowed.</param>
    /// <param name="gradient">Of the result; borrowed.</param>
    /// <param name="side">Of the window.</param>
    /// <param name="stride">Pixels between neighbouring windows.</param>
    /// <param name="average">Means instead of maxima.</param>
    public static FeatureMap Run(FeatureMap images, FeatureMap pooled, FeatureMap gradient, int side, int stride, bool average = false)
    {
        var result = new FeatureMap(images.Count, images.Height, images.Width, images.Channels);
        // Rows of windows that are so far apart do not overlap: they can be added in any order and at once.
        var apart = (side + stride - 1) / stride;
        for (var phase = 0; phase < apart; phase++)
        {
            var (first, rows) = (phase, (pooled.Height - phase + apart - 1) / apart);
            Spread.For(images.Count * rows, line =>
            {
                var image = line / rows;
                var row = first + (line % rows * apart);
                if (first == 0)
                {
                    // The first rows clear what lies below them up to the next ones.
                    var end = row + apart < pooled.Height ? (row + apart) * stride : images.Height;
                    new Span<float>(result.At(image, row * stride, 0), (end - (row * stride)) * images.Width * images.Channels).Clear();
                }

                for (var column = 0; column < pooled.Width; column++)
                {
                    var (top, left) = (row * stride, column * stride);
                    var window = new Size(Math.Min(side, images.Height - top), Math.Min(side, images.Width - left), images.Width, images.Channels);
                    if (average)
                    {
                        Share(gradient.At(image, row, column), result.At(image, top, left), window);
                    }
                    else
                    {
                        Give(gradient.At(image, row, column), pooled.At(image, row, column), images.At(image, top, left), result.At(image, top, left), window);
                    }
                }
            });
        }

        return result;
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Give(float* gradient, float* most, float* from, float* to, Size window)
    {
        for (var channel = 0; channel < window.Channels; channel += Lanes)
        {
            var (left, largest) = (Vector256.Load(gradient + channel), Vector256.Load(most + channel));
            for (var row = 0; row < window.Rows; row++)
            {
                var at = ((nint)row * window.Width * window.Channels) + channel;
                for (var column = 0; column < window.Columns; column++, at += window.Channels)
                {
                    // Whoever is given the gradient leaves nothing for those behind.
                    var given = left & Vector256.Equals(Vector256.Load(from + at), largest);
                    (Vector256.Load(to + at) + given).Store(to + at);
                    left = Vector256.AndNot(left, Vector256.Equals(Vector256.Load(from + at), largest));
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Share(float* gradient, float* to, Size window)
    {
        var share = Vector256.Create(1f / (window.Rows * window.Columns));
        for (var channel = 0; channel < window.Channels; channel += Lanes)
        {
            var each = Vector256.Load(gradient + channel) * share;
            for (var row = 0; row < window.Rows; row++)
            {
                var at = ((nint)row * window.Width * window.Channels) + channel;
                for (var column = 0; column < window.Columns; column++, at += window.Channels)
                {
                    (Vector256.Load(to + at) + each).Store(to + at);
                }
            }
        }
    }

    private readonly record struct Size(int Rows, int Columns, int Width, int Channels);
}
