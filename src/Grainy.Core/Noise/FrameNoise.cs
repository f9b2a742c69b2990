using Grainy.Core.Training.Registration;

namespace Grainy.Core.Noise;

/// <summary>What two frames tell of their noise and of how they lie on one another.</summary>
/// <param name="Alignment">Shift, change of brightness, and whether both show the same scene.</param>
/// <param name="Sigma">Standard deviation of the difference / √2: the noise without anything that both frames share.</param>
/// <param name="Curve">Photon transfer: half the variance of the difference against brightness; null where too few samples are unclipped.</param>
/// <param name="Autocorrelation">Of the difference, over all pixels; a shift between the frames shows here too. Null where there is no difference.</param>
public sealed record FrameNoise(PairAlignment Alignment, double Sigma, VarianceCurve? Curve, Autocorrelation? Autocorrelation)
{
    /// <summary>True when the frames are exposures of one scene, as far as structure tells.</summary>
    public bool IsOneScene => Alignment.Correlation is > 0.8;
}
