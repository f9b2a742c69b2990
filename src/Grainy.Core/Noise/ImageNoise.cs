namespace Grainy.Core.Noise;

/// <summary>What one image tells of its noise. All values on the image's own scale.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="Channels">One entry per channel.</param>
/// <param name="Spread">Range, clipping and rounding of the samples.</param>
/// <param name="Curve">Variance against brightness; null where the image is too small or too dark and bright alike to tell.</param>
/// <param name="Impulses">Share of pixels that stand alone far outside of their neighbourhood; null where it cannot be told.</param>
/// <param name="Autocorrelation">Of the noise in the calmest blocks; null where the image is too small or holds no noise.</param>
/// <param name="IsLossy">True when the file format discards detail, which correlates what is left.</param>
public sealed record ImageNoise(
    int Width,
    int Height,
    IReadOnlyList<SigmaEstimates> Channels,
    SampleSpread Spread,
    VarianceCurve? Curve,
    double? Impulses,
    Autocorrelation? Autocorrelation,
    bool IsLossy)
{
    /// <summary>Root mean square over the channels of the best estimate of each.</summary>
    public double Sigma => Math.Sqrt(Channels.Average(channel => channel.Best * channel.Best));

    /// <summary>
    /// Root mean square of the noise over the whole image: from the variance curve where that describes the noise, because medians see the dark parts alone where
    /// most is dark; from the calmest blocks where the noise is correlated; otherwise <see cref="Sigma"/>.
    /// </summary>
    public double OverallSigma => Autocorrelation?.IsCorrelated == true ? Math.Max(Sigma, Autocorrelation.Sigma)
        : Curve is { Scatter: < 0.25 } curve && curve.A > 4 * curve.AError ? Math.Sqrt(Math.Max(0, (curve.A * Spread.Mean) + curve.B))
        : Sigma;

    /// <summary>Width times height.</summary>
    public long Pixels => (long)Width * Height;

    /// <summary>Shorter side in pixels.</summary>
    public int ShorterSide => Math.Min(Width, Height);

    /// <summary>
    /// True when most samples hold the lowest value and the rest stand alone, as single photons do: medians see no noise there. Of samples strewn at random with
    /// a share p, 2p(1 − p) differ from their neighbour; those of drawings seldom do.
    /// </summary>
    public bool IsSparse => !Spread.IsConstant && Sigma == 0 && Spread.AtLowest is > 0.3 and < 0.999 && Spread.Changes > Spread.AtLowest * (1 - Spread.AtLowest);
}
