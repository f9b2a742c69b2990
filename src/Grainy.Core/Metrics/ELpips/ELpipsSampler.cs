namespace Grainy.Core.Metrics.ELpips;

/// <summary>The laws of the transforms of the E-LPIPS ensemble (Kettunen 2019).</summary>
internal static class ELpipsSampler
{
    /// <summary>All orders of the channels.</summary>
    public static readonly (int R, int G, int B)[] Permutations = [(0, 1, 2), (0, 2, 1), (1, 0, 2), (1, 2, 0), (2, 0, 1), (2, 1, 0)];

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
        var permutation = Permutations[random.Next(6)];
        return new ELpipsTransform
        {
            Scale = scale,
            Phase = phase,
            Shift = shift,
            FlipRows = flip is 1 or 2,
            FlipColumns = flip is 0 or 2,
            Transpose = transpose,
            Permutation = permutation,
            Factors = (Factor(random.NextDouble()), Factor(random.NextDouble()), Factor(random.NextDouble())),
        };
    }

    /// <summary>A channel factor, uniform in [0.2, 1) for uniform <paramref name="u"/> in [0, 1).</summary>
    public static float Factor(double u) => (float)(0.2 + (0.8 * u));

    /// <summary>The same numbers in random order (Fisher and Yates).</summary>
    public static T[] Shuffled<T>(T[] items, RandomStream random)
    {
        for (var i = items.Length - 1; i > 0; i--)
        {
            var j = random.Next(i + 1);
            (items[i], items[j]) = (items[j], items[i]);
        }

        return items;
    }
}
