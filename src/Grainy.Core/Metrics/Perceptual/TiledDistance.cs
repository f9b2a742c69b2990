using Grainy.Core.Convolutions;
using Grainy.Core.Images;
using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// Distances of one picture to others, of any size in bounded memory and without gradients. Large pictures are cut into tiles whose features are exactly those of
/// the whole picture; small ones go through the network together, several draws at a time.
/// </summary>
/// <remarks>
/// With dropout, the masks of a large picture are drawn tile by tile: where the contexts of two tiles overlap, an activation may be dropped for one and not for the
/// other. Every activation still is kept with the same probability, and all pictures share the masks.
/// </remarks>
internal sealed class TiledDistance
{
    private const int MostOthers = 8;

    private readonly FeatureDistance _distance;
    private readonly ImageBuffer[] _pictures;
    private readonly float[][] _heads;
    private readonly int _tileSide;
    private readonly long _pixels;

    /// <param name="distance">Borrowed; float32.</param>
    /// <param name="reference">In [0, 1]; grey is taken as equal channels.</param>
    /// <param name="others">One or more of the same size.</param>
    /// <param name="tileSide">Longest side of a tile without its context, in pixels; null: as the network advises.</param>
    public TiledDistance(FeatureDistance distance, ImageBuffer reference, IReadOnlyList<ImageBuffer> others, int? tileSide = null)
    {
        if (others.Count == 0 || others.Any(other => (other.Width, other.Height) != (reference.Width, reference.Height)))
        {
            throw new ArgumentException("There must be one or more pictures of the reference's size.", nameof(others));
        }

        (_distance, _pictures, _tileSide) = (distance, [reference, .. others], tileSide ?? distance.Network.TileSide);
        _heads = distance.HeadValues();
        var side = (long)_tileSide + (2 * distance.Network.Field.Halo);
        _pixels = 2 * side * side;
    }

    /// <summary>Measures under each draw. One short slice per step of the iterator, which tells the finished share.</summary>
    /// <param name="draws">Draws that are alike in scale and orientation are computed together; which others there are changes a value by rounding only.</param>
    /// <param name="take">Is given the number of a draw and, for each of the other pictures, the contribution of each layer; of the tiles so
    /// far, so that a large picture calls it several times for a draw, the last time for all of it.</param>
    public IEnumerable<double> Measure(IReadOnlyList<PictureDraw> draws, Action<int, double[][]> take, CancellationToken ct)
    {
        var done = 0;
        foreach (var alike in Enumerable.Range(0, draws.Count).GroupBy(i => Kind(draws[i])))
        {
            // As much as one tile and its partner take at most.
            var atOnce = (int)Math.Max(1, _pixels / 4 / ((long)alike.Key.Size.Height * alike.Key.Size.Width * _pictures.Length));
            foreach (var batch in alike.Chunk(atOnce))
            {
                var sums = new LayerSums(batch.Length, _pictures.Length - 1, _heads.Length);
                foreach (var share in Tiles([.. batch.Select(i => draws[i])], alike.Key.Size, Add, ct))
                {
                    for (var i = 0; i < batch.Length; i++)
                    {
                        take(batch[i], sums.Means(i));
                    }

                    yield return (done + (share * batch.Length)) / draws.Count;
                }

                done += batch.Length;

                void Add(TilePart part) =>
                    sums.Add(part, UnitDifferences.Sum(part.Features, part.Others + 1, part.OwnRows, part.OwnColumns, _heads[part.Layer]));
            }
        }
    }

    /// <summary>The same for one draw and the first of the other pictures, place by place.</summary>
    /// <param name="maps">One for each layer; filled at the end.</param>
    public IEnumerable<double> Map(PictureDraw draw, LayerMap[] maps, CancellationToken ct)
    {
        return Tiles([draw], TransformedPicture.SizeOf(_pictures[0], draw.Transform), Add, ct);

        void Add(TilePart part)
        {
            var values = new float[(part.OwnRows.To - part.OwnRows.From) * (part.OwnColumns.To - part.OwnColumns.From)];
            UnitDifferences.Sum(part.Features, part.Others + 1, part.OwnRows, part.OwnColumns, _heads[part.Layer], values);
            maps[part.Layer].Add(part, values);
        }
    }

    private ((int Height, int Width) Size, bool Drops) Kind(PictureDraw draw) => (TransformedPicture.SizeOf(_pictures[0], draw.Transform), draw.Dropout is not null);

    private IEnumerable<double> Tiles(PictureDraw[] draws, (int Height, int Width) size, Action<TilePart> add, CancellationToken ct)
    {
        var field = _distance.Network.Field;
        var down = TileSpan.Split(size.Height, _tileSide, field);
        var across = TileSpan.Split(size.Width, _tileSide, field);
        var tiles = down.SelectMany(rows => across.Select(columns => (Rows: rows, Columns: columns))).ToArray();
        for (var i = 0; i < tiles.Length; i++)
        {
            var (rows, columns) = tiles[i];
            var most = (int)Math.Clamp((_pixels / ((long)rows.Length * columns.Length * draws.Length)) - 1, 1, MostOthers);
            var others = _pictures.Length - 1;
            for (var first = 0; first < others; first += most)
            {
                ct.ThrowIfCancellationRequested();
                var count = Math.Min(most, others - first);
                Run(draws, i, new TilePart(rows, columns, first, count, 0, null!, default, default), add);
                yield return (i + ((double)(first + count) / others)) / tiles.Length;
            }
        }
    }

    private void Run(PictureDraw[] draws, int tile, TilePart part, Action<TilePart> add)
    {
        var field = _distance.Network.Field;
        using var pixels = Cut(draws, part);
        _distance.Network.Run(pixels, Dropout(draws, tile), (layer, features) =>
        {
            var (rows, columns) = (part.Rows.Owned(field.Steps[layer], features.Height), part.Columns.Owned(field.Steps[layer], features.Width));
            if (rows.From < rows.To && columns.From < columns.To)
            {
                add(part with { Layer = layer, Features = features, OwnRows = rows, OwnColumns = columns });
            }
        });
    }

    // For each draw the reference and the others.
    private unsafe FeatureMap Cut(PictureDraw[] draws, TilePart part)
    {
        var group = part.Others + 1;
        var pixels = new FeatureMap(draws.Length * group, part.Rows.Length, part.Columns.Length, 3);
        Spread.For(pixels.Count, i =>
        {
            var picture = i % group == 0 ? _pictures[0] : _pictures[part.FirstOther + (i % group)];
            new TransformedPicture(picture, draws[i / group].Transform).Cut(
                (part.Rows.CropFrom, part.Rows.CropTo),
                (part.Columns.CropFrom, part.Columns.CropTo),
                new Span<float>(pixels.At(i, 0, 0), part.Rows.Length * part.Columns.Length * 3));
        });
        return pixels;
    }

    private static BernoulliDropout? Dropout(PictureDraw[] draws, int tile) => draws[0].Dropout is null
        ? null
        : new BernoulliDropout([.. draws.Select(draw => new RandomStream(new Tensors.SeedSequence(draw.Dropout!.Value).Derive("tile", tile)))]);
}
