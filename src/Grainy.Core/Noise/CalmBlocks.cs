using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>
/// The autocorrelation of one image's noise in its calmest blocks of 16 × 16 pixels: those that vary least about a surface of second degree, measured against what a high-pass finds in
/// blocks of like brightness. Choosing by the total variance favours no lag over another where the noise is white.
/// </summary>
internal static class CalmBlocks
{
    private const int Side = 16;
    private const int Bands = 8;
    private const int BlocksInBand = 40;
    private const int LeastBlocks = 4;
    private const int ManyBlocks = 24;
    private const int MostBlocks = 20_000;
    private const double Share = 0.03;

    private static readonly FitLeverage Surface = new(Side);

    /// <summary>The correlations; null where the image is too small or has no noise.</summary>
    /// <param name="step">Rounding of the file: finer noise is not told from none.</param>
    public static Autocorrelation? Correlate(ImageBuffer image, double step)
    {
        var blocks = Blocks(image);
        if (blocks.Count < LeastBlocks)
        {
            return null;
        }

        var sums = new AutocorrelationSums();
        var cross = new CrossSums(image.Channels);
        var calm = Calm(blocks, step);
        var power = 0.0;
        foreach (var block in calm)
        {
            var squares = Residuals(image, block.Corner);
            for (var c = 0; c < squares.Length; c++)
            {
                power += block.Variances[c] / image.Channels / (1 - Surface.At(0, 0)) / calm.Count;
                for (var i = 0; i < squares[c].Length; i++)
                {
                    squares[c][i] /= (float)block.Strength;
                }

                sums.Add(squares[c], Side, Side, Surface);
            }

            cross.Add(squares);
        }

        return sums.Result(cross.Mean, Math.Sqrt(power));
    }

    // The strength of the noise in a band is the median of its blocks' high-pass variances; bands whose high frequencies are rounded away count by the rounding.
    private static List<CalmBlock> Calm(List<CalmBlock> blocks, double step)
    {
        var bands = Math.Clamp(blocks.Count / BlocksInBand, 1, Bands);
        foreach (var band in blocks.OrderBy(block => block.Brightness).Chunk((blocks.Count + bands - 1) / bands))
        {
            var floor = Math.Max(step * step / 12, 1e-20);
            var strength = Math.Sqrt(Math.Max(floor, band.Select(block => block.HighPass).Order().ElementAt(band.Length / 2)));
            foreach (var block in band)
            {
                block.Strength = strength;
            }
        }

        var count = Math.Max((int)(Share * blocks.Count), Math.Min(ManyBlocks, Math.Max(LeastBlocks, blocks.Count / 4)));
        return [.. blocks.OrderBy(block => block.Variances.Average() / (block.Strength * block.Strength)).Take(count)];
    }

    private static List<CalmBlock> Blocks(ImageBuffer image)
    {
        var usable = Enumerable.Range(0, image.Channels).Select(channel => NoiseEstimator.Unclipped(image.Plane(channel))).ToArray();
        var blocks = new List<CalmBlock>();
        var every = Math.Max(1, image.Width / Side * (image.Height / Side) / MostBlocks);
        var number = 0;
        for (var y = 0; y + Side <= image.Height; y += Side)
        {
            for (var x = 0; x + Side <= image.Width; x += Side)
            {
                var corner = (y * image.Width) + x;
                if (number++ % every != 0 || usable.Any(mask => mask is not null && !AllUsable(mask, corner, image.Width)))
                {
                    continue;
                }

                var brightness = Enumerable.Range(0, image.Channels).Average(channel => Mean(image.Plane(channel), corner, image.Width));
                var squares = Residuals(image, corner);
                var variances = squares.Select(square => square.Average(value => (double)value * value)).ToArray();
                if (variances.Sum() > 0)
                {
                    blocks.Add(new CalmBlock(brightness, variances, squares.Average(HighPassVariance), corner));
                }
            }
        }

        return blocks;
    }

    private static double HighPassVariance(float[] square)
    {
        var responses = new List<float>();
        HighPassNoise.AddResponses(square, 0, Side, Side, responses);
        return responses.Average(response => (double)response * response) / 36;
    }

    private static float[][] Residuals(ImageBuffer image, int corner)
    {
        var squares = new float[image.Channels][];
        for (var c = 0; c < squares.Length; c++)
        {
            squares[c] = new float[Side * Side];
            for (var row = 0; row < Side; row++)
            {
                image.Plane(c).Slice(corner + (row * image.Width), Side).CopyTo(squares[c].AsSpan(row * Side));
            }

            Surface.Remove(squares[c]);
        }

        return squares;
    }

    private static bool AllUsable(bool[] usable, int corner, int width) =>
        Enumerable.Range(0, Side).All(row => !usable.AsSpan(corner + (row * width), Side).Contains(false));

    private static float Mean(ReadOnlySpan<float> plane, int corner, int width)
    {
        var sum = 0f;
        for (var row = 0; row < Side; row++)
        {
            foreach (var sample in plane.Slice(corner + (row * width), Side))
            {
                sum += sample;
            }
        }

        return sum / (Side * Side);
    }

    private sealed record CalmBlock(float Brightness, double[] Variances, double HighPass, int Corner)
    {
        public double Strength { get; set; }
    }

    /// <summary>Correlation of the channels with one another.</summary>
    private sealed class CrossSums(int channels)
    {
        private readonly double[] _power = new double[channels];
        private readonly double[] _products = new double[channels];

        /// <summary>Mean over the pairs of neighbouring channels; null for a single one.</summary>
        public double? Mean => channels == 1 ? null : Enumerable.Range(0, channels).Average(c =>
            Math.Sqrt(_power[c] * _power[(c + 1) % channels]) is > 0 and var scale ? _products[c] / scale : 0);

        public void Add(float[][] squares)
        {
            for (var c = 0; c < channels; c++)
            {
                var (here, there) = (squares[c], squares[(c + 1) % channels]);
                for (var i = 0; i < here.Length; i++)
                {
                    _power[c] += (double)here[i] * here[i];
                    _products[c] += (double)here[i] * there[i];
                }
            }
        }
    }
}
