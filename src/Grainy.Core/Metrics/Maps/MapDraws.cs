using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;

namespace Grainy.Core.Metrics.Maps;

/// <summary>The random transforms that a map of E-LPIPS is averaged over, each with the weight that makes the average one over all transforms.</summary>
internal static class MapDraws
{
    /// <summary>Draws scale by scale, the scale s getting a share in proportion to 1/s and at least one; with fewer samples than scales, each by its probability.</summary>
    public static IReadOnlyList<(PictureDraw Draw, double Weight)> Make(int scales, int samples, ulong seed)
    {
        var probabilities = ELpipsSampler.Probabilities(scales);
        var counts = samples < scales ? null : Counts(scales, samples);
        var result = new List<(PictureDraw, double)>(samples);
        for (var number = 0; number < samples; number++)
        {
            var random = new RandomStream(new SeedSequence(seed).Derive("metric map", number));
            var scale = counts is null ? ELpipsSampler.Scale(probabilities, random) : ScaleOf(number, counts);
            var weight = counts is null ? 1.0 / samples : probabilities[scale - 1] / counts[scale - 1];
            result.Add((new PictureDraw(ELpipsSampler.Draw(scale, random), random.NextBits()), weight));
        }

        return result;
    }

    private static int[] Counts(int scales, int samples)
    {
        var sum = Enumerable.Range(1, scales).Sum(scale => 1.0 / scale);
        var counts = Enumerable.Range(1, scales).Select(scale => 1 + (int)((samples - scales) / scale / sum)).ToArray();
        counts[0] += samples - counts.Sum();
        return counts;
    }

    private static int ScaleOf(int number, int[] counts)
    {
        var scale = 1;
        for (; number >= counts[scale - 1]; scale++)
        {
            number -= counts[scale - 1];
        }

        return scale;
    }
}
