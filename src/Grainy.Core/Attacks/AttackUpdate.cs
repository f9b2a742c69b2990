using Grainy.Core.Images;

namespace Grainy.Core.Attacks;

/// <summary>What an attack is doing.</summary>
public enum AttackPhase
{
    /// <summary>Measures the anchor: how far a picture may be.</summary>
    Preparing,

    /// <summary>Takes steps.</summary>
    Searching,

    /// <summary>Measures the rounded picture with fresh seeds.</summary>
    Judging,
}

/// <summary>Where an attack stands.</summary>
public sealed record AttackUpdate
{
    /// <summary>What it is doing.</summary>
    public required AttackPhase Phase { get; init; }

    /// <summary>Share of the whole work, in [0, 1], by a count of network passes.</summary>
    public required double Fraction { get; init; }

    /// <summary>Steps so far.</summary>
    public required int StepsDone { get; init; }

    /// <summary>PSNR of the current picture in decibels: to the target, or to the reference when it is pushed apart.</summary>
    public required double Psnr { get; init; }

    /// <summary>
    /// For each attacked and held metric the distance of the current picture to the reference over that of the anchor, as the search sees it: of E-LPIPS a
    /// running mean, so not yet a verdict.
    /// </summary>
    public required IReadOnlyDictionary<string, double> Ratios { get; init; }

    /// <summary>The best picture so far, in [0, 1]; null while preparing.</summary>
    public ImageBuffer? Picture { get; init; }

    /// <summary>True when <see cref="Picture"/> is one of the snapshots that were asked for.</summary>
    public bool IsSnapshot { get; init; }

    /// <summary>Set in the last update.</summary>
    public AttackReport? Report { get; init; }
}
