namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Collects the contributions of all tiles, and gives the mean over the places of each layer.</summary>
/// <param name="draws">Groups in a batch.</param>
/// <param name="others">Pictures that are compared with the reference.</param>
/// <param name="layers">Of the network.</param>
internal sealed class LayerSums(int draws, int others, int layers)
{
    private readonly double[] _sums = new double[draws * others * layers];
    private readonly long[] _places = new long[others * layers];

    /// <summary>Takes in one layer of one tile: the sums of draw after draw, picture after picture.</summary>
    public void Add(TilePart part, double[] sums)
    {
        for (var i = 0; i < sums.Length; i++)
        {
            var (draw, other) = Math.DivRem(i, part.Others);
            _sums[(((draw * others) + part.FirstOther + other) * layers) + part.Layer] += sums[i];
        }

        for (var other = part.FirstOther; other < part.FirstOther + part.Others; other++)
        {
            _places[(other * layers) + part.Layer] += (long)(part.OwnRows.To - part.OwnRows.From) * (part.OwnColumns.To - part.OwnColumns.From);
        }
    }

    /// <summary>For each of the other pictures the contribution of each layer, as far as tiles have come.</summary>
    public double[][] Means(int draw) =>
        [.. Enumerable.Range(0, others).Select(other => Enumerable.Range(0, layers)
            .Select(layer => _sums[(((draw * others) + other) * layers) + layer] / Math.Max(1, _places[(other * layers) + layer])).ToArray())];
}
