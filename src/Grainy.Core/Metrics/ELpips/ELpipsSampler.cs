namespace Grainy.Core.Metrics.ELpips;

/// <summary>Draws the transforms of the E-LPIPS ensemble (Kettunen 2019), one at a time and independently of each other.</summary>
internal static class ELpipsSampler
{
    /// <summary>Scales for an image: from 1 to ⌊shorter side / 64⌋, at least 1, so that a scaled image keeps 64 pixels.</summary>
    public static int Scales(int height, int width) => Math.Max(1, Math.Min(height, width) / 64);

    /// <summary>Probability of each scale 1 … <paramref name="scales"/>: proportional to 1 / scale².</summary>
    public static double[] Probabilities(int scales)
    {
        var weights = Enumerable.Range(1, scales).Select(scale => 1.0 / ((double)scale * scale)).ToArray();
        var sum = weights.Sum();
        return [.. weights.Select(weight => weight / sum)];
    }

    /// <summary>A scale by its probability.</summary>
    public static int Scale(double[] probabilities, RandomStream random)
    {
        var u = random.NextDouble();
        var scale = 1;
        while (scale < probabilities.Length && u >= probabilities[scale - 1])
        {
            u -= probabilities[scale - 1];
            scale++;
        }

        return scale;
    }

    /// <summary>A transform with the given scale; all else is drawn.</summary>
    public static ELpipsTransform Draw(int scale, RandomStream random)
    {
        var phase = (random.Next(scale), random.Next(scale));
        var shift = (random.Next(ELpipsTransform.LargestShift + 1), random.Next(ELpipsTransform.LargestShift + 1));
        var flip = random.Next(4);
        var transpose = random.Next(2) == 1;
        var permutation = random.Next(6) switch
        {
            0 => (0, 1, 2),
            1 => (0, 2, 1),
            2 => (1, 0, 2),
            3 => (1, 2, 0),
            4 => (2, 0, 1),
            _ => (2, 1, 0),
        };
        return new ELpipsTransform
        {
            Scale = scale,
            Phase = phase,
            Shift = shift,
            FlipRows = flip is 1 or 2,
            FlipColumns = flip is 0 or 2,
            Transpose = transpose,
            Permutation = permutation,
            Factors = (Factor(random), Factor(random), Factor(random)),
        };
    }

    private static float Factor(RandomStream random) => (float)(0.2 + (0.8 * random.NextDouble()));
}
