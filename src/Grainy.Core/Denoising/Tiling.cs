namespace Grainy.Core.Denoising;

/// <summary>
/// Covers an image with equal squares that overlap and are blended by a window: a network with a wide view may then run in bounded memory without visible seams.
/// </summary>
internal static class Tiling
{
    /// <summary>The side of the equal tiles that cover an image with the least to compute; of several such, the largest.</summary>
    /// <param name="width">Of the image, in pixels.</param>
    /// <param name="height">Of the image, in pixels.</param>
    /// <param name="largest">That may be taken, at least three times <paramref name="overlap"/>.</param>
    /// <param name="overlap">Pixels that neighbours share at least.</param>
    /// <param name="stride">Total stride of the network.</param>
    public static int Side(int width, int height, int largest, int overlap, int stride)
    {
        var (most, whole) = (RoundUp(largest, stride), RoundUp(Math.Max(width, height), stride));
        var least = Math.Min(RoundUp(Math.Max(3 * overlap, most / 2), stride), most);
        return whole <= least ? whole
            : Enumerable.Range(0, ((Math.Min(most, whole) - least) / stride) + 1).Select(step => least + (step * stride)).Reverse().MinBy(Pixels);

        long Pixels(int side) => (long)Starts(width, side, overlap, stride).Length * Starts(height, side, overlap, stride).Length * side * side;
    }

    /// <summary>Starts of the tiles along one side: multiples of <paramref name="stride"/>; the last one may reach beyond the image.</summary>
    /// <param name="length">Of the image, in pixels.</param>
    /// <param name="tile">Side of a tile, a multiple of <paramref name="stride"/>.</param>
    /// <param name="overlap">Pixels that neighbours share at least, less than half of <paramref name="tile"/>.</param>
    /// <param name="stride">Total stride of the network.</param>
    public static int[] Starts(int length, int tile, int overlap, int stride)
    {
        if (length <= tile)
        {
            return [0];
        }

        // As few tiles as the overlap allows, spread evenly so that none lies mostly outside the image.
        var count = 1 + (int)Math.Ceiling((length - tile) / (double)(tile - overlap - stride));
        var last = RoundUp(length - tile, stride);
        return [.. Enumerable.Range(0, count).Select(index => index == count - 1 ? last : (int)((long)last * index / (count - 1)) / stride * stride)];
    }

    /// <summary>The smallest multiple of <paramref name="stride"/> that is not below <paramref name="length"/>.</summary>
    public static int RoundUp(int length, int stride) => (length + stride - 1) / stride * stride;

    /// <summary>
    /// Weight of each row (or column) of a tile: rises over the overlap where a neighbour lies, 1 where none does. Overlapping weights are divided by their sum
    /// afterwards.
    /// </summary>
    public static float[] Window(int tile, int overlap, bool neighbourBefore, bool neighbourAfter)
    {
        var window = new float[tile];
        for (var place = 0; place < tile; place++)
        {
            var before = neighbourBefore ? Rise(place, overlap) : 1;
            var after = neighbourAfter ? Rise(tile - 1 - place, overlap) : 1;
            window[place] = Math.Max(1e-6f, before * after);
        }

        return window;

        // The outer quarter of the overlap is left to the neighbour: there a tile has seen the least.
        static float Rise(int distance, int overlap)
        {
            var t = Math.Clamp(((distance + 0.5) / overlap * 1.5) - 0.25, 0, 1);
            return (float)(t * t * (3 - (2 * t)));
        }
    }
}
