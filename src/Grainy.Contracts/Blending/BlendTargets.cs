namespace Grainy.Contracts.Blending;

/// <summary>The places between images at which a blend has its frames.</summary>
public static class BlendTargets
{
    /// <summary>Fewest images of a blend.</summary>
    public const int FewestImages = 2;

    /// <summary>Most images of a blend.</summary>
    public const int MostImages = 4;

    /// <summary>Most frames that can be wished for beyond the regular ones.</summary>
    public const int MostWishes = 16;

    /// <summary>Weights closer than this, in the largest difference of a component, are the same place.</summary>
    public const double SamePlace = 0.004;

    private const long MostHeldSamples = 1L << 29;

    /// <summary>The regular places: evenly along the line between two images, over the triangle or the tetrahedron between three or four.</summary>
    public static BlendTarget[] Of(int images, BlendSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentOutOfRangeException.ThrowIfLessThan(images, FewestImages);
        var parts = images == 2 ? settings.Frames - 1 : settings.Divisions;
        return [.. Compositions(images, parts).Select((counts, index) => new BlendTarget(index, [.. counts.Select(count => count / (double)parts)]))];
    }

    /// <summary>The target at a place, or null.</summary>
    public static BlendTarget? At(this IEnumerable<BlendTarget> targets, IReadOnlyList<double> weights) =>
        targets.FirstOrDefault(target => target.Weights.Zip(weights, (a, b) => Math.Abs(a - b)).Max() < SamePlace);

    /// <summary>
    /// True where frames of a chain can be spaced evenly: between two images, unless there are so many or so large ones that two sets of them would not fit into 2 GiB.
    /// </summary>
    public static bool CanBeSpacedEvenly(int images, BlendSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return images == 2 && settings is { Path: BlendPath.Chain, Reference: false } && 2L * settings.Frames * 3 * settings.Size * settings.Size <= MostHeldSamples;
    }

    /// <summary>True when the frame of a target need not be computed (any more).</summary>
    /// <param name="frame">The frame of this target as it is; null when there is none.</param>
    public static bool IsDone(this BlendTarget target, BlendFrame? frame)
    {
        ArgumentNullException.ThrowIfNull(target);
        return frame is { Final: true } && (target.Steps == 0 || frame.Steps >= target.Steps);
    }

    /// <summary>Weights divided by their sum; null unless there is one for each image, none is negative, and their sum is above 0.</summary>
    public static double[]? Normalised(IReadOnlyList<double>? weights, int images)
    {
        if (weights is null || weights.Count != images || weights.Any(weight => !double.IsFinite(weight) || weight < 0) || weights.Sum() is var sum && !(sum > 0))
        {
            return null;
        }

        return [.. weights.Select(weight => weight / sum)];
    }

    // All ways to write the total as an ordered sum, the first part falling: in a chain the frames run from the first image to the second.
    private static IEnumerable<int[]> Compositions(int parts, int total)
    {
        if (parts == 1)
        {
            yield return [total];
            yield break;
        }

        for (var first = total; first >= 0; first--)
        {
            foreach (var rest in Compositions(parts - 1, total - first))
            {
                yield return [first, .. rest];
            }
        }
    }
}
