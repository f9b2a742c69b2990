using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>Cuts an image into square tiles and puts the processed tiles together again.</summary>
internal sealed class TileCanvas
{
    private readonly ImageBuffer _image;
    private readonly int _side;
    private readonly int _overlap;
    private readonly int[] _rows;
    private readonly int[] _columns;
    private readonly float[] _sum;
    private readonly float[] _weight;

    public TileCanvas(ImageBuffer image, int stride, int largestTile, int overlap)
    {
        _image = image;
        _side = Math.Min(largestTile, Tiling.RoundUp(Math.Max(image.Width, image.Height), stride));
        _overlap = overlap;
        _rows = Tiling.Starts(image.Height, _side, overlap, stride);
        _columns = Tiling.Starts(image.Width, _side, overlap, stride);
        _sum = new float[image.Planes.Length];
        _weight = new float[image.Width * image.Height];
    }

    public int Count => _rows.Length * _columns.Length;

    /// <summary>A copy of one tile; what lies outside the image is continued by reflection.</summary>
    public ImageBuffer Cut(int index)
    {
        var (top, left) = (_rows[index / _columns.Length], _columns[index % _columns.Length]);
        var planes = new float[_image.Channels * _side * _side];
        for (var channel = 0; channel < _image.Channels; channel++)
        {
            var source = _image.Plane(channel);
            for (var row = 0; row < _side; row++)
            {
                var line = source.Slice(Mirror.Index(top + row, _image.Height) * _image.Width, _image.Width);
                var target = planes.AsSpan(((channel * _side) + row) * _side, _side);
                for (var column = 0; column < _side; column++)
                {
                    target[column] = line[Mirror.Index(left + column, _image.Width)];
                }
            }
        }

        return new ImageBuffer(_image.Channels, _side, _side, planes);
    }

    /// <summary>Adds a processed tile with its window.</summary>
    public void Blend(int index, ImageBuffer tile)
    {
        var (r, c) = (index / _columns.Length, index % _columns.Length);
        var down = Tiling.Window(_side, _overlap, r > 0, r < _rows.Length - 1);
        var across = Tiling.Window(_side, _overlap, c > 0, c < _columns.Length - 1);
        var area = _image.Width * _image.Height;
        for (var row = 0; row < Math.Min(_side, _image.Height - _rows[r]); row++)
        {
            for (var column = 0; column < Math.Min(_side, _image.Width - _columns[c]); column++)
            {
                var weight = down[row] * across[column];
                var place = ((_rows[r] + row) * _image.Width) + _columns[c] + column;
                _weight[place] += weight;
                for (var channel = 0; channel < _image.Channels; channel++)
                {
                    _sum[(channel * area) + place] += weight * tile.Planes[(((channel * _side) + row) * _side) + column];
                }
            }
        }
    }

    /// <summary>The image put together; every pixel has been covered.</summary>
    public ImageBuffer Result()
    {
        var planes = new float[_sum.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            planes[i] = _sum[i] / _weight[i % _weight.Length];
        }

        return new ImageBuffer(_image.Channels, _image.Height, _image.Width, planes);
    }
}
