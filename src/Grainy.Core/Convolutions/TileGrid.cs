namespace Grainy.Core.Convolutions;

/// <summary>The tiles of <see cref="Winograd"/> that cover some images.</summary>
/// <param name="Count">Images.</param>
/// <param name="Height">Rows of each.</param>
/// <param name="Width">Columns of each.</param>
internal readonly record struct TileGrid(int Count, int Height, int Width)
{
    /// <summary>Rows of tiles.</summary>
    public int Down => (Height + Winograd.Outputs - 1) / Winograd.Outputs;

    /// <summary>Columns of tiles.</summary>
    public int Across => (Width + Winograd.Outputs - 1) / Winograd.Outputs;

    /// <summary>Tiles of all images.</summary>
    public int Tiles => Count * Down * Across;

    /// <summary>Which image a tile belongs to, and its first row and column.</summary>
    public (int Image, int Row, int Column) Place(int tile) =>
        (tile / (Down * Across), tile / Across % Down * Winograd.Outputs, tile % Across * Winograd.Outputs);

    /// <summary>The place of the next tile, without divisions.</summary>
    public (int Image, int Row, int Column) After((int Image, int Row, int Column) place)
    {
        var (image, row, column) = place;
        column += Winograd.Outputs;
        (row, column) = column < Width ? (row, column) : (row + Winograd.Outputs, 0);
        return row < Height ? (image, row, column) : (image + 1, 0, 0);
    }

    /// <summary>The part of a tile that lies in the image.</summary>
    public TileTransforms.Part Inside(int row, int column) =>
        new(0, 0, Math.Min(Winograd.Outputs, Height - row), Math.Min(Winograd.Outputs, Width - column));
}

/// <summary>What a convolution reads: some channels of maps, of their own size or doubled by nearest neighbour.</summary>
/// <param name="Map">Borrowed; the channels are padded with zeros to whole vectors.</param>
/// <param name="Doubled">The maps count as twice as high and wide.</param>
internal readonly record struct TileSource(FeatureMap Map, bool Doubled = false)
{
    /// <summary>Rows as the convolution sees them.</summary>
    public int Height => Doubled ? 2 * Map.Height : Map.Height;

    /// <summary>Columns as the convolution sees them.</summary>
    public int Width => Doubled ? 2 * Map.Width : Map.Width;
}
