using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>The difference at every place of one layer, put together from tiles.</summary>
/// <param name="step">Pixels between neighbouring places (see <see cref="ReceptiveField.Steps"/>).</param>
internal sealed class LayerMap(int step)
{
    private readonly List<(int Top, int Left, int Height, int Width, float[] Values)> _pieces = [];

    /// <summary>Takes in the own places of a tile, row after row.</summary>
    public void Add(TilePart part, float[] values) => _pieces.Add((
        (part.Rows.CropFrom / step) + part.OwnRows.From,
        (part.Columns.CropFrom / step) + part.OwnColumns.From,
        part.OwnRows.To - part.OwnRows.From,
        part.OwnColumns.To - part.OwnColumns.From,
        values));

    /// <summary>All places, <c>[1, 1, h, w]</c>; the caller owns it.</summary>
    public Tensor ToTensor()
    {
        var (height, width) = (_pieces.Max(piece => piece.Top + piece.Height), _pieces.Max(piece => piece.Left + piece.Width));
        var all = new float[height * width];
        foreach (var piece in _pieces)
        {
            for (var row = 0; row < piece.Height; row++)
            {
                piece.Values.AsSpan(row * piece.Width, piece.Width).CopyTo(all.AsSpan(((piece.Top + row) * width) + piece.Left));
            }
        }

        return tensor(all, [1, 1, height, width]);
    }
}
