namespace Grainy.Core.Training;

/// <summary>Names of the ways to train a denoiser.</summary>
public static class TrainingMethods
{
    /// <summary>Single noisy images and a noise model (Laine et al. 2019).</summary>
    public const string BlindSpot = "blind-spot";

    /// <summary>Pairs of noisy exposures of one scene (Lehtinen et al. 2018).</summary>
    public const string Noise2Noise = "noise2noise";

    /// <summary>Noisy images with clean references: the yardstick.</summary>
    public const string Noise2Clean = "noise2clean";

    /// <summary>Single noisy images, noise of unknown kind (Huang et al. 2021).</summary>
    public const string Neighbor2Neighbor = "neighbor2neighbor";

    /// <summary>Single noisy images by masking (Krull et al. 2019).</summary>
    public const string Noise2Void = "noise2void";

    /// <summary>One image, a tiny network, seconds (Mansour and Heckel 2023).</summary>
    public const string ZeroShot = "zero-shot";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [BlindSpot, Noise2Noise, Noise2Clean, Neighbor2Neighbor, Noise2Void, ZeroShot];
}
