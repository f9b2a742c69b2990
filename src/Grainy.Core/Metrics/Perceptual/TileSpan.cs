namespace Grainy.Core.Metrics.Perceptual;

/// <summary>One tile along one axis of a picture: the pixels that it stands for, and those that its features are computed from.</summary>
/// <param name="From">First pixel that it stands for, a multiple of the network's stride.</param>
/// <param name="To">First pixel of the next tile.</param>
/// <param name="CropFrom">First pixel that is read, a multiple of the network's stride.</param>
/// <param name="CropTo">One behind the last pixel that is read.</param>
/// <param name="Last">Nothing follows.</param>
internal readonly record struct TileSpan(int From, int To, int CropFrom, int CropTo, bool Last)
{
    /// <summary>Pixels that are read.</summary>
    public int Length => CropTo - CropFrom;

    /// <summary>Cuts an axis into tiles of about equal length.</summary>
    /// <param name="length">Of the picture, in pixels.</param>
    /// <param name="largest">Longest tile without its context.</param>
    /// <param name="field">Of the network.</param>
    public static IReadOnlyList<TileSpan> Split(int length, int largest, ReceptiveField field)
    {
        if (length <= largest + (2 * field.Halo))
        {
            return [new TileSpan(0, length, 0, length, Last: true)];
        }

        var count = (length + largest - 1) / largest;
        var starts = Enumerable.Range(0, count + 1).Select(i => i == count ? length : (int)((long)length * i / count) / field.Stride * field.Stride).ToArray();
        return [.. Enumerable.Range(0, count).Select(i => new TileSpan(
            starts[i], starts[i + 1], Math.Max(0, starts[i] - field.Halo), Math.Min(length, starts[i + 1] + field.Halo), i == count - 1))];
    }

    /// <summary>The features of a layer that belong to this tile, numbered within it.</summary>
    /// <param name="step">Pixels between neighbouring features.</param>
    /// <param name="features">How many the tile gave.</param>
    public (int From, int To) Owned(int step, int features) =>
        (Math.Min((From - CropFrom) / step, features), Last ? features : Math.Min((To - CropFrom) / step, features));
}
