using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>
/// Denoises each square in several orientations and takes the mean, which errs less than any of them (the geometric self-ensemble of Timofte, Rothe, Van Gool 2016).
/// Deviations are averaged as they are: the true one is a little smaller. Owns what it stands on.
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
        for (var kind = 0; kind < count; kind++)
        {
            var places = Places(square, Kind(kind));
            var tile = tiles.Denoise(Like(square, [.. places.Select(place => square.Planes[place])]), uncertainty);
            Add(tile.Image, places, image);
            Add(tile.Deviation, places, deviation);
        }

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

    // Where each sample of the turned square stands in the one that was given.
    private static int[] Places(ImageBuffer square, int kind)
    {
        var side = square.Width;
        var places = new int[square.Planes.Length];
        for (var at = 0; at < places.Length; at++)
        {
            var (plane, place) = Math.DivRem(at, side * side);
            var (row, column) = Symmetry.Turn(place / side, place % side, side, kind);
            places[at] = (plane * side * side) + (row * side) + column;
        }

        return places;
    }

    private void Add(ImageBuffer? turned, int[] places, float[]? sums)
    {
        if (turned is null || sums is null)
        {
            return;
        }

        for (var at = 0; at < places.Length; at++)
        {
            sums[places[at]] += turned.Planes[at] / count;
        }
    }
}
