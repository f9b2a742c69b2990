using Grainy.Core.Noise;

namespace Grainy.Core.Trust;

/// <summary>What was taken out of a noisy image, looked at without knowing the clean one. All on the image's own scale.</summary>
/// <param name="MeanShift">Mean of noisy minus denoised, the channel where it is farthest from 0: brightness that was not kept.</param>
/// <param name="MeanShiftError">Its standard error, with what neighbours share counted in.</param>
/// <param name="Sigma">Root mean square of what was taken out.</param>
/// <param name="ExpectedSigma">Standard deviation of the noise that was to be taken out; null where it is not known.</param>
/// <param name="Autocorrelation">Of what was taken out; white when only white noise was. Null where nothing was taken out.</param>
/// <param name="SignalCorrelation">Correlation with the denoised image two pixels around: not 0 where contrast was changed.</param>
/// <param name="DetailCorrelation">
/// Correlation with the fine detail of the denoised image around (pixels at a distance of 2 minus those at 4, where little of the pixel's own noise is left): above 0 where detail was blurred away, below 0 where it was
/// sharpened.
/// </param>
/// <param name="CorrelationError">Standard error of both correlations.</param>
/// <param name="Remarks">What gives reason to distrust the result; empty where nothing does.</param>
public sealed record ResidualReport(
    double MeanShift,
    double MeanShiftError,
    double Sigma,
    double? ExpectedSigma,
    Autocorrelation? Autocorrelation,
    double SignalCorrelation,
    double DetailCorrelation,
    double CorrelationError,
    IReadOnlyList<NoiseWarning> Remarks);
