namespace Grainy.Core.Training.Losses;

/// <summary>Names of the losses with which a network is fitted to noisy or clean targets, and which statistic of the targets each recovers.</summary>
public static class RegressionLosses
{
    /// <summary>Squared difference: recovers the mean; right for noise of mean zero.</summary>
    public const string L2 = "l2";

    /// <summary>Absolute difference: recovers the median; right where less than half of the samples are replaced, as by text.</summary>
    public const string L1 = "l1";

    /// <summary>(|difference| + 10⁻⁸)^γ with γ falling from 2 to 0: approaches the mode; right for random-valued impulses, even for most of the samples.</summary>
    public const string AnnealedL0 = "l0";

    /// <summary>Squared difference over the samples of the target that are not missing: recovers their mean; right for lost pixels.</summary>
    public const string MaskedL2 = "masked-l2";

    /// <summary>Squared difference relative to the squared estimate: recovers the mean of linear radiance with long tails, as of renderings.</summary>
    public const string Hdr = "hdr";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [L2, L1, AnnealedL0, MaskedL2, Hdr];
}
