using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>
/// Cuts an image into square tiles, row of tiles after row of tiles, and puts the processed tiles together again under their windows. Holds as many image rows as a tile has,
/// whatever the height of the image.
/// </summary>
internal sealed class TileBand
{
    private readonly int _width;
    private readonly int _height;
    private readonly int _channels;
    private readonly int _side;
    private readonly int _overlap;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly float[] _sum;
    private readonly float[] _weight;
    private int _top;

    public TileBand(int width, int height, int channels, int stride, int largestTile, int overlap)
    {
        (_width, _height, _channels, _overlap) = (width, height, channels, overlap);
        _side = Tiling.Side(width, height, largestTile, overlap, stride);
        _rows = Tiling.Starts(height, _side, overlap, stride);
        _columns = Tiling.Starts(width, _side, overlap, stride);
        _sum = new float[channels * _side * width];
        _weight = new float[_side * width];
    }

    /// <summary>Rows of tiles.</summary>
    public int Rows => _rows.Length;

    /// <summary>Tiles in each row.</summary>
    public int Columns => _columns.Length;

    /// <summary>The image rows that a row of tiles covers.</summary>
    public (int Top, int Count) Span(int row) => (_rows[row], Math.Min(_side, _height - _rows[row]));

    /// <summary>A copy of one tile; what lies outside the image is continued by reflection.</summary>
    /// <param name="band">The rows of <see cref="Span"/>.</param>
    /// <param name="row">Row of tiles.</param>
    /// <param name="column">Which in the row.</param>
    public ImageBuffer Cut(ImageBuffer band, int row, int column)
    {
        var (top, left) = (_rows[row], _columns[column]);
        var planes = new float[_channels * _side * _side];
        for (var channel = 0; channel < _channels; channel++)
        {
            var source = band.Plane(channel);
            for (var y = 0; y < _side; y++)
            {
                var line = source.Slice((Mirror.Index(top + y, _height) - top) * _width, _width);
                var target = planes.AsSpan(((channel * _side) + y) * _side, _side);
                var inside = Math.Min(_side, _width - left);
                line.Slice(left, inside).CopyTo(target);
                for (var x = inside; x < _side; x++)
                {
                    target[x] = line[Mirror.Index(left + x, _width)];
                }
            }
        }

        return new ImageBuffer(_channels, _side, _side, planes);
    }

    /// <summary>Adds a processed tile under its window.</summary>
    public void Blend(ImageBuffer tile, int row, int column)
    {
        var down = Tiling.Window(_side, _overlap, row > 0, row < _rows.Length - 1);
        var across = Tiling.Window(_side, _overlap, column > 0, column < _columns.Length - 1);
        var (offset, left) = (_rows[row] - _top, _columns[column]);
        var (height, width) = (Math.Min(_side, _height - _rows[row]), Math.Min(_side, _width - left));
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                var weight = down[y] * across[x];
                var place = ((offset + y) * _width) + left + x;
                _weight[place] += weight;
                for (var channel = 0; channel < _channels; channel++)
                {
                    _sum[(channel * _side * _width) + place] += weight * tile.Planes[(((channel * _side) + y) * _side) + x];
                }
            }
        }
    }

    /// <summary>The image rows that no further tile touches, once all tiles of a row have been blended.</summary>
    public ImageBuffer Finish(int row)
    {
        var next = row + 1 < _rows.Length ? _rows[row + 1] : _height;
        var (count, kept) = ((next - _top) * _width, (_side - (next - _top)) * _width);
        var planes = new float[_channels * count];
        for (var channel = 0; channel < _channels; channel++)
        {
            var sum = _sum.AsSpan(channel * _side * _width, _side * _width);
            for (var i = 0; i < count; i++)
            {
                planes[(channel * count) + i] = sum[i] / _weight[i];
            }

            Shift(sum);
        }

        Shift(_weight);
        var finished = new ImageBuffer(_channels, next - _top, _width, planes);
        _top = next;
        return finished;

        void Shift(Span<float> values)
        {
            if (kept > 0)
            {
                values.Slice(count, kept).CopyTo(values);
            }

            values[Math.Max(0, kept)..].Clear();
        }
    }
}
