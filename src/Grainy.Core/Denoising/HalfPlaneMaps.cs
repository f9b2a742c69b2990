using System.Runtime.Intrinsics;
using Grainy.Core.Convolutions;

namespace Grainy.Core.Denoising;

/// <summary>What the blind-spot network does between its convolutions, forward and backward: turning and pooling.</summary>
internal static unsafe class HalfPlaneMaps
{
    private const int Lanes = 8;

    /// <summary>Moves down by one row and takes 2 × 2 maxima (see <see cref="HalfPlane.Pool"/>); the caller owns the result.</summary>
    public static FeatureMap Pool(FeatureMap x)
    {
        var result = new FeatureMap(x.Count, x.Height / 2, x.Width / 2, x.Channels);
        Spread.For(result.Count * result.Height, line =>
        {
            var (image, row) = Math.DivRem(line, result.Height);
            for (var column = 0; column < result.Width; column++)
            {
                var to = result.At(image, row, column);
                var lower = x.At(image, 2 * row, 2 * column);
                var upper = row == 0 ? null : x.At(image, (2 * row) - 1, 2 * column);
                for (var at = 0; at < x.Channels; at += Lanes)
                {
                    var most = Vector256.MaxNative(Vector256.Load(lower + at), Vector256.Load(lower + x.Channels + at));
                    var above = upper is null ? default : Vector256.MaxNative(Vector256.Load(upper + at), Vector256.Load(upper + x.Channels + at));
                    Vector256.MaxNative(most, above).Store(to + at);
                }
            }
        });
        return result;
    }

    /// <summary>The gradient before the rectifier whose result was pooled; the caller owns it.</summary>
    /// <param name="x">What was pooled.</param>
    /// <param name="gradient">Of the maxima.</param>
    /// <param name="more">Another one, to be added; null for none.</param>
    /// <param name="slope">Of the rectifier.</param>
    public static FeatureMap PoolGradient(FeatureMap x, FeatureMap gradient, FeatureMap? more, float slope)
    {
        var result = new FeatureMap(x.Count, x.Height, x.Width, x.Channels);
        Spread.For(gradient.Count * (gradient.Height + 1), line =>
        {
            var (image, row) = Math.DivRem(line, gradient.Height + 1);
            if (row == gradient.Height)
            {
                // The last row went nowhere.
                new Span<float>(result.At(image, x.Height - 1, 0), x.Width * x.Channels).Clear();
                return;
            }

            for (var column = 0; column < gradient.Width; column++)
            {
                var from = gradient.At(image, row, column);
                var other = more is null ? null : more.At(image, row, column);
                // The first row of windows lies half above the map, on zeros.
                var upper = row == 0 ? null : x.At(image, (2 * row) - 1, 2 * column);
                var offset = (nint)(result.Data - x.Data);
                for (var at = 0; at < x.Channels; at += Lanes)
                {
                    var share = other is null ? Vector256.Load(from + at) : Vector256.Load(from + at) + Vector256.Load(other + at);
                    Window(upper is null ? null : upper + at, x.At(image, 2 * row, 2 * column) + at, x.Channels, offset, share, slope);
                }
            }
        });
        return result;
    }

    /// <summary>Where a pixel of a square lies in the square turned by so many quarters against the clock.</summary>
    public static (int Row, int Column) Turned(int quarters, int row, int column, int side) => quarters switch
    {
        0 => (row, column),
        1 => (side - 1 - column, row),
        2 => (side - 1 - row, side - 1 - column),
        _ => (column, side - 1 - row),
    };

    // The first of the largest gets it all, as in the library.
    private static void Window(float* upper, float* lower, int step, nint offset, Vector256<float> share, float slope)
    {
        var (v2, v3) = (Vector256.Load(lower), Vector256.Load(lower + step));
        var (v0, v1) = upper is null ? (default, default) : (Vector256.Load(upper), Vector256.Load(upper + step));
        var most = Vector256.MaxNative(Vector256.MaxNative(v0, v1), Vector256.MaxNative(v2, v3));
        var is0 = Vector256.Equals(v0, most);
        var is1 = Vector256.AndNot(Vector256.Equals(v1, most), is0);
        var taken = is0 | is1;
        var is2 = Vector256.AndNot(Vector256.Equals(v2, most), taken);
        var is3 = Vector256.AndNot(Vector256.Equals(v3, most), taken | is2);
        if (upper is not null)
        {
            (is0 & TileGradients.Masked(share, v0, slope)).Store(upper + offset);
            (is1 & TileGradients.Masked(share, v1, slope)).Store(upper + step + offset);
        }

        (is2 & TileGradients.Masked(share, v2, slope)).Store(lower + offset);
        (is3 & TileGradients.Masked(share, v3, slope)).Store(lower + step + offset);
    }
}
