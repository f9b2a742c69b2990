namespace Grainy.Core.Denoising;

/// <summary>Names of the kinds of network; each has its own way to denoise an image.</summary>
public static class NetworkKinds
{
    /// <summary>Predicts a pixel's distribution from all others; the observation is put back by its noise model.</summary>
    public const string BlindSpot = "blind-spot";

    /// <summary>Image to image.</summary>
    public const string UNet = "u-net";

    /// <summary>A few layers that predict the noise of one image.</summary>
    public const string ZeroShot = "zero-shot";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [BlindSpot, UNet, ZeroShot];
}
