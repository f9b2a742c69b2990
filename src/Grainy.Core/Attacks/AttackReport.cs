using Grainy.Core.Images;

namespace Grainy.Core.Attacks;

/// <summary>The end of an attack: pictures, verdict, and what it means in words.</summary>
public sealed record AttackReport
{
    /// <summary>As given.</summary>
    public required AttackSettings Settings { get; init; }

    /// <summary>The reference as it was used: RGB, in [0, 1], perhaps shrunk.</summary>
    public required ImageBuffer Reference { get; init; }

    /// <summary>The target as it was used; null when there is none.</summary>
    public required ImageBuffer? Target { get; init; }

    /// <summary>The anchor as it was used; a generated one is rounded to 8 bits.</summary>
    public required ImageBuffer Anchor { get; init; }

    /// <summary>The picture that was found, before its rounding.</summary>
    public required ImageBuffer Exact { get; init; }

    /// <summary>The picture rounded to 8 bits: what the verdict is about.</summary>
    public required ImageBuffer Picture { get; init; }

    /// <summary>PSNR of the picture to the target in decibels; null when there is none.</summary>
    public required double? PsnrToTarget { get; init; }

    /// <summary>PSNR of the picture to the reference in decibels.</summary>
    public required double PsnrToReference { get; init; }

    /// <summary>PSNR of the anchor to the reference in decibels.</summary>
    public required double AnchorPsnr { get; init; }

    /// <summary>True when every constraint of the search held at the end, by the search's own measure.</summary>
    public required bool ConstraintsHeld { get; init; }

    /// <summary>
    /// For each attacked and held metric the ratio of distances as the search saw it at its last step; of E-LPIPS a running mean over the transforms that the search
    /// itself used, which flatters a picture that is tuned to them.
    /// </summary>
    public required IReadOnlyDictionary<string, double> SearchRatios { get; init; }

    /// <summary>Seed of the verdict's transforms.</summary>
    public required ulong VerdictSeed { get; init; }

    /// <summary>One per metric: attacked, held, witnesses.</summary>
    public required IReadOnlyList<AttackVerdict> Verdicts { get; init; }

    /// <summary>Metrics that could not be asked, with the reason.</summary>
    public required IReadOnlyDictionary<string, string> NotAsked { get; init; }

    /// <summary>The verdict in plain sentences.</summary>
    public required IReadOnlyList<string> Sentences { get; init; }

    /// <summary>Time that the search took, without the verdict.</summary>
    public required double SearchSeconds { get; init; }
}
