using Grainy.Core.Images;

namespace Grainy.Core.Attacks;

/// <summary>How to attack.</summary>
public sealed record AttackSettings
{
    /// <summary>Longest side of a picture in pixels: gradients keep the activations of every layer, about 2 kB per pixel and attacked metric.</summary>
    public const int LargestSide = 1024;

    /// <summary>Names of the attacked metrics, at least one; all at once.</summary>
    public required IReadOnlyList<string> Metrics { get; init; }

    /// <summary>What is looked for.</summary>
    public AttackGoal Goal { get; init; } = AttackGoal.Approach;

    /// <summary>Steps of the search, 10 to 100,000.</summary>
    public int Steps { get; init; } = 600;

    /// <summary>Standard deviation of the noise that makes the anchor where none is given, on the scale [0, 1]: above 0, at most 0.5.</summary>
    public double NoiseSigma { get; init; } = 0.05;

    /// <summary>Larger pictures are shrunk to this longer side before all else, 32 to <see cref="LargestSide"/>; null: they stay as they are.</summary>
    public int? Size { get; init; }

    /// <summary>Seed of the anchor's noise, of all transforms, and (derived anew) of the verdict.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>
    /// E-LPIPS is attacked with a fresh transform and dropout in every step (null, the adaptive attack), or with so many fixed ones in turn (a static attack).
    /// </summary>
    public int? FixedTransforms { get; init; }

    /// <summary>Pictures on the way that are worth keeping, 0 to 100; closer together at the beginning, where most happens.</summary>
    public int Snapshots { get; init; } = 6;

    /// <summary>Random transforms behind each E-LPIPS value of the verdict, 10 to 100,000.</summary>
    public int VerdictSamples { get; init; } = 200;

    /// <summary>
    /// Where the search starts, of the reference's size: for example the picture of an earlier search, to go on from it. Null: at the target, or at the reference
    /// with faint noise when the picture is pushed apart.
    /// </summary>
    public ImageBuffer? Start { get; init; }

    /// <summary>Metrics that were not attacked but are asked for the verdict; null: all others that can be used here.</summary>
    public IReadOnlyList<string>? Witnesses { get; init; }

    /// <summary>With <see cref="AttackGoal.PushApart"/>: metrics that must call the picture no further from the reference than the anchor.</summary>
    public IReadOnlyList<string> Held { get; init; } = [];

    /// <summary>With <see cref="AttackGoal.PushApart"/>: least PSNR to the reference in decibels, 20 to 50.</summary>
    public double LeastPsnr { get; init; } = 40;

    /// <summary>With <see cref="AttackGoal.PushApart"/>: largest change of any sample, on the scale [0, 1]: 1/255 to 0.5.</summary>
    public double LargestChange { get; init; } = 8 / 255.0;

    /// <summary>Checks the ranges; names of metrics are checked by the attack, which knows the catalog.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A value is outside of its range.</exception>
    public AttackSettings Validated()
    {
        Require(Steps is >= 10 and <= 100_000, nameof(Steps), Steps, "An attack takes 10 to 100,000 steps.");
        Require(NoiseSigma is > 0 and <= 0.5, nameof(NoiseSigma), NoiseSigma, "The anchor's noise is above 0 and at most 0.5 on the scale [0, 1].");
        Require(Size is null or (>= 32 and <= LargestSide), nameof(Size), Size, "The longer side of an attacked picture is 32 to 1,024 pixels.");
        Require(FixedTransforms is null or (>= 1 and <= 100_000), nameof(FixedTransforms), FixedTransforms, "The number of fixed transforms is 1 to 100,000.");
        Require(Snapshots is >= 0 and <= 100, nameof(Snapshots), Snapshots, "The number of snapshots is 0 to 100.");
        Require(VerdictSamples is >= 10 and <= 100_000, nameof(VerdictSamples), VerdictSamples, "A verdict takes 10 to 100,000 samples.");
        Require(LeastPsnr is >= 20 and <= 50, nameof(LeastPsnr), LeastPsnr, "The least PSNR is 20 to 50 dB; beyond that the rounding to 8 bits weighs as much.");
        Require(LargestChange is >= 1 / 255.0 and <= 0.5, nameof(LargestChange), LargestChange, "The largest change of a sample is 1/255 to 0.5.");
        Require(
            Held.Count == 0 || Goal == AttackGoal.PushApart, nameof(Held), string.Join(", ", Held), "Metrics are held only when the picture is pushed apart.");
        return this;
    }

    private static void Require(bool holds, string name, object? value, string message)
    {
        if (!holds)
        {
            throw new ArgumentOutOfRangeException(name, value, message);
        }
    }
}
