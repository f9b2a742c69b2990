using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>
/// Denoises each square in several orientations and takes the mean, which errs less than any of them (the geometric self-ensemble of Timofte, Rothe, Van Gool 2016). Each is
/// shifted by some pixels too, so that the network's poolings take other pixels together: measured, that gives the second one a third more. Deviations are averaged as they
/// are: the true one is a little smaller. Owns what it stands on.
/// </summary>
/// <param name="tiles">One orientation.</param>
/// <param name="count">2 (mirrored), 4 (and upside down) or 8 (and turned by a quarter).</param>
internal sealed class OrientedTiles(ITileDenoiser tiles, int count) : ITileDenoiser
{
    /// <summary>The numbers of orientations there are, 1 among them.</summary>
    public static IReadOnlyList<int> Counts { get; } = [1, 2, 4, 8];

    public int Stride => tiles.Stride;

    public int LargestSide => tiles.LargestSide;

    public DenoisedTile Denoise(ImageBuffer square, bool uncertainty)
    {
        var image = new float[square.Planes.Length];
        var deviation = uncertainty ? new float[square.Planes.Length] : null;
        var times = new byte[square.Planes.Length];
        for (var number = 0; number < count; number++)
        {
            var places = Places(square, Kind(number), shift: number);
            var tile = tiles.Denoise(Like(square, Array.ConvertAll(places, place => square.Planes[place])), uncertainty);
            Forget(square.Width, shift: number, places);
            Add(tile.Image, places, image);
            Add(tile.Deviation, places, deviation);
            Count(places, times);
        }

        Divide(image, times);
        Divide(deviation, times);

        return new DenoisedTile(Like(square, image), deviation is null ? null : Like(square, deviation));
    }

    public void Dispose() => tiles.Dispose();

    // Mirrored first: of two orientations that one gains most, since the network itself looks in all four directions.
    private static int Kind(int number) => number switch
    {
        1 => 2,
        2 => 1,
        _ => number,
    };

    private static ImageBuffer Like(ImageBuffer square, float[] planes) => new(square.Channels, square.Height, square.Width, planes);

    // Where each sample of the turned and shifted square stands in the one that was given; what was shifted in is continued by reflection.
    private static int[] Places(ImageBuffer square, int kind, int shift)
    {
        var side = square.Width;
        var places = new int[square.Planes.Length];
        for (var at = 0; at < places.Length; at++)
        {
            var (plane, place) = Math.DivRem(at, side * side);
            var (row, column) = Symmetry.Turn(Mirror.Index((place / side) - shift, side), Mirror.Index((place % side) - shift, side), side, kind);
            places[at] = (plane * side * side) + (row * side) + column;
        }

        return places;
    }

    // Forgets the places that were shifted in, and those so near that a pixel may see its own noise in the mirror.
    private void Forget(int side, int shift, int[] places)
    {
        var least = shift == 0 ? 0 : shift + tiles.Stride;
        for (var at = 0; at < places.Length; at++)
        {
            var place = at % (side * side);
            places[at] = place / side < least || place % side < least ? -1 : places[at];
        }
    }

    private static void Add(ImageBuffer? turned, int[] places, float[]? sums)
    {
        for (var at = 0; turned is not null && sums is not null && at < places.Length; at++)
        {
            if (places[at] >= 0)
            {
                sums[places[at]] += turned.Planes[at];
            }
        }
    }

    private static void Count(int[] places, byte[] times)
    {
        foreach (var place in places)
        {
            if (place >= 0)
            {
                times[place]++;
            }
        }
    }

    private static void Divide(float[]? sums, byte[] times)
    {
        for (var place = 0; sums is not null && place < sums.Length; place++)
        {
            sums[place] /= times[place];
        }
    }
}
