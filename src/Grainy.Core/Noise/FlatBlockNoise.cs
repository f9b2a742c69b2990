using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>
/// The median high-pass of Immerkær in the flattest blocks. Flatness is judged by the means of 4 × 4 cells, which the high-pass cannot see, so that the choice
/// does not favour blocks with little noise; it is judged among blocks of like brightness, because the noise of cameras grows with brightness.
/// </summary>
internal static class FlatBlockNoise
{
    private const int Cell = 4;
    private const int Block = 4 * Cell;
    private const int Bands = 4;
    private const double Share = 0.2;
    private const int LeastBlocks = 40;

    /// <summary>The standard deviation of the noise in one channel.</summary>
    /// <param name="usable">True where a sample counts; a block counts when all of its samples do. Null: all.</param>
    /// <returns>Null where there are too few blocks to choose from.</returns>
    public static double? Estimate(ImageBuffer image, int channel, bool[]? usable)
    {
        var blocks = new List<(float Brightness, float Texture, int Corner)>();
        var plane = image.Plane(channel);
        Span<float> cells = stackalloc float[Block * Block / (Cell * Cell)];
        for (var y = 0; y + Block <= image.Height; y += Block)
        {
            for (var x = 0; x + Block <= image.Width; x += Block)
            {
                var corner = (y * image.Width) + x;
                if (CellMeans(plane, usable, corner, image.Width, cells))
                {
                    var (mean, variance) = Moments(cells);
                    blocks.Add((mean, variance, corner));
                }
            }
        }

        if (blocks.Count < LeastBlocks)
        {
            return null;
        }

        var chosen = blocks.OrderBy(block => block.Brightness).Chunk((blocks.Count + Bands - 1) / Bands)
            .SelectMany(band => band.OrderBy(block => block.Texture).Take(Math.Max(1, (int)(band.Length * Share))));
        var responses = new List<float>();
        foreach (var block in chosen)
        {
            HighPassNoise.AddResponses(plane, block.Corner, image.Width, Block, responses);
        }

        return HighPassNoise.FromResponses(responses);
    }

    private static bool CellMeans(ReadOnlySpan<float> plane, bool[]? usable, int corner, int width, Span<float> cells)
    {
        cells.Clear();
        for (var row = 0; row < Block; row++)
        {
            for (var column = 0; column < Block; column++)
            {
                var i = corner + (row * width) + column;
                if (usable is not null && !usable[i])
                {
                    return false;
                }

                cells[(row / Cell * (Block / Cell)) + (column / Cell)] += plane[i] / (Cell * Cell);
            }
        }

        return true;
    }

    private static (float Mean, float Variance) Moments(ReadOnlySpan<float> values)
    {
        float mean = 0, variance = 0;
        foreach (var value in values)
        {
            mean += value / values.Length;
        }

        foreach (var value in values)
        {
            variance += (value - mean) * (value - mean) / values.Length;
        }

        return (mean, variance);
    }
}
