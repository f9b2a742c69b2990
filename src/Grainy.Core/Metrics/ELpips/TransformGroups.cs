namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// Properties by which transforms are told apart when a distance is attributed to them. Scales are not among them: each sampling knows its own.
/// </summary>
internal static class TransformGroups
{
    // Thirds of the law of the sum of three uniform numbers: (−2t³ + 9t² − 9t + 3) / 6 = 1/3 has the solution t = 1.27262.
    private const double DarkEnd = 1.27262;
    private const double BrightEnd = 3 - DarkEnd;

    /// <summary>Kind and value of each group.</summary>
    public static IReadOnlyList<(string Kind, string Value)> All { get; } =
    [
        ("flip", "none"), ("flip", "rows"), ("flip", "columns"), ("flip", "both"),
        ("transpose", "no"), ("transpose", "yes"),
        ("channels", "RGB"), ("channels", "RBG"), ("channels", "GRB"), ("channels", "GBR"), ("channels", "BRG"), ("channels", "BGR"),
        ("shift", "down 4–7, right 4–7"), ("shift", "down 4–7, right 0–3"), ("shift", "down 0–3, right 4–7"), ("shift", "down 0–3, right 0–3"),
        ("brightness", "dark third"), ("brightness", "middle third"), ("brightness", "bright third"),
    ];

    /// <summary>Where the groups begin whose effect is that of the channel factors themselves, which must not be taken out of them.</summary>
    public static int FirstOfBrightness { get; } = All.Count - 3;

    /// <summary>Numbers of the groups that a transform belongs to, one of each kind.</summary>
    public static int[] Of(ELpipsTransform transform)
    {
        var (r, g, _) = transform.Permutation;
        var shift = transform.Shift ?? (ELpipsTransform.LargestShift, ELpipsTransform.LargestShift);
        return
        [
            (transform.FlipRows ? 1 : 0) + (transform.FlipColumns ? 2 : 0),
            4 + (transform.Transpose ? 1 : 0),
            6 + (2 * r) + (g == (r == 0 ? 1 : 0) ? 0 : 1),
            12 + (shift.Y >= 4 ? 2 : 0) + (shift.X >= 4 ? 1 : 0),
            FirstOfBrightness + Third(transform.Factors),
        ];
    }

    private static int Third((float R, float G, float B) factors)
    {
        var sum = (factors.R + factors.G + factors.B - 0.6) / 0.8;
        return sum < DarkEnd ? 0 : sum < BrightEnd ? 1 : 2;
    }
}
