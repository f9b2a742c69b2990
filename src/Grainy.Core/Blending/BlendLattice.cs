namespace Grainy.Core.Blending;

/// <summary>Regular sets of frames.</summary>
public static class BlendLattice
{
    /// <summary>Frames from one image to another in equal steps of the weight, both ends included: frame i has the weights (1 − t, t), t = i / (count − 1).</summary>
    /// <param name="count">2 to 65.</param>
    /// <exception cref="ArgumentOutOfRangeException">Fewer or more.</exception>
    public static IReadOnlyList<BlendTarget> Line(int count)
    {
        if (count is < 2 or > BlendOptions.MostFrames)
        {
            throw new ArgumentOutOfRangeException(nameof(count), count, $"A chain has 2 to {BlendOptions.MostFrames} frames, both ends included.");
        }

        return [.. Enumerable.Range(0, count).Select(i => new BlendTarget(i, [1 - (i / (count - 1.0)), i / (count - 1.0)]))];
    }

    /// <summary>
    /// All mixtures of three images whose weights are multiples of 1 / <paramref name="denominator"/>, row by row: the first is the first image, the last row
    /// runs from the second image to the third.
    /// </summary>
    /// <param name="denominator">1 to 9; gives (d + 1)(d + 2) / 2 frames.</param>
    /// <exception cref="ArgumentOutOfRangeException">The denominator is outside of its range.</exception>
    public static IReadOnlyList<BlendTarget> Triangle(int denominator)
    {
        if (denominator is < 1 or > 9)
        {
            throw new ArgumentOutOfRangeException(nameof(denominator), denominator, "A triangle has 1 to 9 steps along each side.");
        }

        var frames = new List<BlendTarget>();
        for (var row = 0; row <= denominator; row++)
        {
            for (var third = 0; third <= row; third++)
            {
                frames.Add(new BlendTarget(frames.Count, [Share(denominator - row), Share(row - third), Share(third)]));
            }
        }

        return frames;

        double Share(int part) => (double)part / denominator;
    }

    /// <summary>True for frames of two images whose weights of the second grow from 0 to 1: what a path and its spacing are defined on.</summary>
    public static bool IsLine(IReadOnlyList<BlendTarget> frames)
    {
        ArgumentNullException.ThrowIfNull(frames);
        return frames.Count >= 3 && frames.All(frame => frame.Weights.Count == 2) && frames[0].Corner == 0 && frames[^1].Corner == 1
            && frames.Zip(frames.Skip(1), (left, right) => left.Weights[1] < right.Weights[1] && left.Index < right.Index).All(holds => holds);
    }
}
