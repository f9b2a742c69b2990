using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>
/// Variance against brightness from one image: Immerkær's high-pass in 8 × 8 blocks, gathered by brightness; of each bin the blocks in the flattest surroundings
/// count. Flatness is judged by means of 4 × 4 cells, which the high-pass cannot see.
/// </summary>
internal static class SignalBins
{
    private const int Block = 8;
    private const int Cell = 4;
    private const int Window = 16;
    private const int Margin = (Window - Block) / 2;
    private const int MostBlocks = 60_000;
    private const double Share = 0.3;

    // Neighbouring responses share samples: the sum of squared correlations of the mask with itself, (70 / 36)² in two dimensions.
    private const double SharedSamples = 70.0 / 36 * 70 / 36;

    /// <summary>The bins; empty where the image has too few blocks.</summary>
    public static IReadOnlyList<VarianceBin> Of(ImageBuffer image)
    {
        var blocks = new List<(float Brightness, float Texture, int Channel, int Corner)>();
        var possible = (long)(image.Width / Block) * (image.Height / Block) * image.Channels;
        var every = (int)Math.Max(1, possible / MostBlocks);
        var number = 0;
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            var usable = NoiseEstimator.Unclipped(plane);
            for (var y = Margin; y + Block + Margin <= image.Height; y += Block)
            {
                for (var x = Margin; x + Block + Margin <= image.Width; x += Block)
                {
                    if (number++ % every == 0 && Surroundings(plane, usable, ((y - Margin) * image.Width) + x - Margin, image.Width) is var (brightness, texture))
                    {
                        blocks.Add((brightness, texture, channel, (y * image.Width) + x));
                    }
                }
            }
        }

        var count = Math.Clamp(blocks.Count / 48, 0, 32);
        return count < VarianceLine.LeastBins
            ? []
            : [.. blocks.OrderBy(block => block.Brightness).Chunk((blocks.Count + count - 1) / count).Where(chunk => chunk.Length >= 24).Select(chunk => Bin(image, chunk))];
    }

    private static VarianceBin Bin(ImageBuffer image, (float Brightness, float Texture, int Channel, int Corner)[] blocks)
    {
        var responses = new List<float>();
        var sum = 0.0;
        var flat = blocks.OrderBy(block => block.Texture).Take(Math.Max(1, (int)(Share * blocks.Length))).ToArray();
        foreach (var block in flat)
        {
            HighPassNoise.AddResponses(image.Plane(block.Channel), block.Corner, image.Width, Block, responses);
            sum += Mean(image.Plane(block.Channel), block.Corner, image.Width);
        }

        var variance = ClippedVariance.Of(responses) / 36;
        return new VarianceBin(sum / flat.Length, variance, variance * Math.Sqrt(2 * SharedSamples / responses.Count), responses.Count);
    }

    private static double Mean(ReadOnlySpan<float> plane, int corner, int width)
    {
        var sum = 0.0;
        for (var row = 0; row < Block; row++)
        {
            foreach (var sample in plane.Slice(corner + (row * width), Block))
            {
                sum += sample;
            }
        }

        return sum / (Block * Block);
    }

    // Mean of the block's surroundings and the variance of their cells; null where a sample does not count.
    private static (float Brightness, float Texture)? Surroundings(ReadOnlySpan<float> plane, bool[]? usable, int corner, int width)
    {
        Span<float> cells = stackalloc float[Window / Cell * (Window / Cell)];
        cells.Clear();
        for (var row = 0; row < Window; row++)
        {
            for (var column = 0; column < Window; column++)
            {
                var i = corner + (row * width) + column;
                if (usable is not null && !usable[i])
                {
                    return null;
                }

                cells[(row / Cell * (Window / Cell)) + (column / Cell)] += plane[i] / (Cell * Cell);
            }
        }

        float mean = 0, variance = 0;
        foreach (var cell in cells)
        {
            mean += cell / cells.Length;
        }

        foreach (var cell in cells)
        {
            variance += (cell - mean) * (cell - mean);
        }

        return (mean, variance);
    }
}
