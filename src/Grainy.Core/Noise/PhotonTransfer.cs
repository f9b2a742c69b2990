using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>
/// Variance against brightness from two frames of one scene: half the variance of their difference, gathered by their mean (photon transfer). The scene and any
/// fixed pattern drop out. What a sample is gathered by is the mean of the 24 pixels around it, which its own noise has no part in: gathering by the noisy value itself
/// would flatten the curve. The signal of a bin is the mean of the samples themselves.
/// </summary>
internal static class PhotonTransfer
{
    private const int Radius = 2;
    private const int MostBins = 48;
    private const int LeastInBin = 400;
    private const int MostSamples = 2_000_000;

    /// <summary>The bins, in order of brightness.</summary>
    /// <param name="first">A frame.</param>
    /// <param name="second">Another frame of the same scene and size.</param>
    public static IReadOnlyList<VarianceBin> Of(ImageBuffer first, ImageBuffer second)
    {
        var samples = new List<(float Around, float Mean, float Difference)>();
        var every = (int)Math.Max(1, first.Planes.LongLength / MostSamples);
        for (var channel = 0; channel < first.Channels; channel++)
        {
            var a = first.Plane(channel);
            var b = second.Plane(channel);
            var (usableA, usableB) = (NoiseEstimator.Unclipped(a), NoiseEstimator.Unclipped(b));
            for (var y = Radius; y < first.Height - Radius; y++)
            {
                for (var x = Radius + (y % every); x < first.Width - Radius; x += every)
                {
                    var i = (y * first.Width) + x;
                    if ((usableA is null || usableA[i]) && (usableB is null || usableB[i]))
                    {
                        samples.Add((Around(a, b, i, first.Width), (a[i] + b[i]) / 2, a[i] - b[i]));
                    }
                }
            }
        }

        var count = Math.Clamp(samples.Count / LeastInBin, 0, MostBins);
        if (count < VarianceLine.LeastBins)
        {
            return [];
        }

        samples.Sort((one, other) => one.Around.CompareTo(other.Around));
        return [.. samples.Chunk((samples.Count + count - 1) / count).Where(chunk => chunk.Length >= LeastInBin / 2).Select(Bin)];
    }

    private static float Around(ReadOnlySpan<float> a, ReadOnlySpan<float> b, int i, int width)
    {
        var sum = -(a[i] + b[i]);
        for (var row = -Radius; row <= Radius; row++)
        {
            for (var column = -Radius; column <= Radius; column++)
            {
                sum += a[i + (row * width) + column] + b[i + (row * width) + column];
            }
        }

        return sum;
    }

    // The mean difference of the bin is taken off: a drift of brightness between the frames is no noise.
    private static VarianceBin Bin((float Around, float Mean, float Difference)[] samples)
    {
        var drift = samples.Average(sample => (double)sample.Difference);
        var variance = ClippedVariance.Of([.. samples.Select(sample => (float)(sample.Difference - drift))]) / 2;
        return new VarianceBin(samples.Average(sample => (double)sample.Mean), variance, variance * Math.Sqrt(2.0 / samples.Length), samples.Length);
    }
}
