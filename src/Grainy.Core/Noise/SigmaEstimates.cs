namespace Grainy.Core.Noise;

/// <summary>The standard deviation of one channel's noise by three ways, on the image's own scale; each errs upwards where all of the image is textured.</summary>
/// <param name="HighPass">Median of Immerkær's high-pass in the flattest blocks (1996); over the whole image where there are too few blocks.</param>
/// <param name="Wavelet">Median of the finest diagonal Haar coefficients (Donoho and Johnstone 1994).</param>
/// <param name="Patches">Principal components of 8 × 8 patches (Chen, Zhu, Heng 2015); null where the image is too small for it.</param>
public sealed record SigmaEstimates(double HighPass, double Wavelet, double? Patches)
{
    /// <summary>The smallest of the three, which texture disturbs least.</summary>
    public double Best => Math.Min(Math.Min(HighPass, Wavelet), Patches ?? double.PositiveInfinity);

    /// <summary>Largest over smallest; near 1 for white noise. Texture, or noise that is not white, drives them apart. 1 where all are 0.</summary>
    public double Disagreement => Best > 0 ? Math.Max(Math.Max(HighPass, Wavelet), Patches ?? 0) / Best : 1;
}
