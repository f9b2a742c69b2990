namespace Grainy.Core.Training.Masking;

/// <summary>
/// Hides pixels from a network (Noise2Void, Krull et al. 2019): one random pixel in each box of a grid, all of its channels, is replaced by another one from
/// around it, or by the median of those (N2V2, Höck et al. 2022). The network must tell the hidden value from the rest.
/// </summary>
/// <param name="percent">Share of hidden pixels; boxes have sides of √(100 / percent), rounded.</param>
/// <param name="radius">Replacements come from the square that reaches this many pixels to each side.</param>
/// <param name="median">True for the median of the square without the structure; false for one pixel of the square at random.</param>
/// <param name="structure">One of <see cref="MaskStructures"/>: which pixels around a hidden one are hidden too, though not asked for.</param>
/// <param name="span">Length of the structure in pixels, odd.</param>
internal sealed class PixelMask(double percent, int radius, bool median, string structure, int span)
{
    private readonly int _box = Math.Max(2, (int)Math.Round(Math.Sqrt(100 / percent)));
    private readonly (int Row, int Column)[] _hidden = Offsets(structure, span);

    /// <summary>Hides pixels of square images.</summary>
    /// <param name="values"><paramref name="images"/> × <paramref name="channels"/> × <paramref name="side"/> × <paramref name="side"/> samples. Not changed.</param>
    /// <returns>The samples with hidden ones replaced, and 1 for each hidden pixel that is to be told, <c>[images, 1, side, side]</c>.</returns>
    public (float[] Values, float[] Mask) Apply(float[] values, int images, int channels, int side, Random random)
    {
        var (replaced, mask) = ((float[])values.Clone(), new float[images * side * side]);
        var most = ((2 * radius) + 1) * ((2 * radius) + 1);
        var (around, sorted) = (new List<int>(most), new float[most]);
        for (var image = 0; image < images; image++)
        {
            for (var top = 0; top < side; top += _box)
            {
                for (var left = 0; left < side; left += _box)
                {
                    // One draw from the whole box even where it is cut by the border, so that pixels there are hidden as often as others.
                    var (row, column) = (top + random.Next(_box), left + random.Next(_box));
                    if (row < side && column < side)
                    {
                        mask[(image * side * side) + (row * side) + column] = 1;
                        Hide(image, row, column);
                    }
                }
            }
        }

        return (replaced, mask);

        void Hide(int image, int row, int column)
        {
            Surroundings(row, column, side, around);
            foreach (var (down, right) in _hidden)
            {
                var (y, x) = (row + down, column + right);
                if ((uint)y >= (uint)side || (uint)x >= (uint)side)
                {
                    continue;
                }

                var source = around[random.Next(around.Count)];
                for (var channel = 0; channel < channels; channel++)
                {
                    var plane = ((image * channels) + channel) * side * side;
                    replaced[plane + (y * side) + x] = median ? Median(plane) : values[plane + source];
                }
            }
        }

        float Median(int plane)
        {
            for (var i = 0; i < around.Count; i++)
            {
                sorted[i] = values[plane + around[i]];
            }

            Array.Sort(sorted, 0, around.Count);
            var middle = around.Count / 2;
            return around.Count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    // With neither a structure nor a median the pixel itself may be its own replacement, as in the original.
    private void Surroundings(int row, int column, int side, List<int> places)
    {
        places.Clear();
        for (var y = Math.Max(0, row - radius); y <= Math.Min(side - 1, row + radius); y++)
        {
            for (var x = Math.Max(0, column - radius); x <= Math.Min(side - 1, column + radius); x++)
            {
                if ((!median && _hidden.Length == 1) || !_hidden.Contains((y - row, x - column)))
                {
                    places.Add((y * side) + x);
                }
            }
        }
    }

    private static (int Row, int Column)[] Offsets(string structure, int span)
    {
        var reach = Enumerable.Range(-span / 2, span);
        return structure switch
        {
            MaskStructures.None => [(0, 0)],
            MaskStructures.Horizontal => [.. reach.Select(step => (0, step))],
            MaskStructures.Vertical => [.. reach.Select(step => (step, 0))],
            MaskStructures.Cross => [.. reach.Select(step => (0, step)), .. reach.Where(step => step != 0).Select(step => (step, 0))],
            MaskStructures.Square => [.. reach.SelectMany(row => reach.Select(column => (row, column)))],
            _ => throw new ArgumentException($"There is no mask structure '{structure}'; choose {string.Join(", ", MaskStructures.All)}.", nameof(structure)),
        };
    }
}
