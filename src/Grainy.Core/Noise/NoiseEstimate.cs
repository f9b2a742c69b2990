namespace Grainy.Core.Noise;

/// <summary>Estimated standard deviation of an image's noise.</summary>
/// <param name="Sigma">Root mean square over the channels, on the image's scale: 25 / 255 for σ = 25 in 8-bit units.</param>
/// <param name="PerChannel">One value per channel.</param>
public sealed record NoiseEstimate(double Sigma, double[] PerChannel);
