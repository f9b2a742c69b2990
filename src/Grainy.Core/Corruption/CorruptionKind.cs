namespace Grainy.Core.Corruption;

/// <summary>Ways to spoil a clean image, after Lehtinen et al. 2018, section 3, and Laine et al. 2019.</summary>
public enum CorruptionKind
{
    /// <summary>Independent normal deviates; strength: σ.</summary>
    Gaussian,

    /// <summary>y = Poisson(λx) / λ; strength: λ, the counts at value 1. Negative samples count as 0.</summary>
    Poisson,

    /// <summary>A camera: counts of gain a (variance a·x) and normal deviates of variance b; strength: a, offset: b.</summary>
    Affine,

    /// <summary>Pixels set to 0 in all channels; strength: their share.</summary>
    Bernoulli,

    /// <summary>Pixels replaced by uniform random colours in [0, 1]; strength: their share.</summary>
    Impulse,

    /// <summary>Random letters in random sizes, places and colours on top; strength: the share of covered pixels.</summary>
    Text,

    /// <summary>Normal deviates that neighbours share: white noise blurred by Gaussians of widths 1, 2 and 4 pixels; strength: σ.</summary>
    Brown,

    /// <summary>
    /// A path tracer's pixels: means over samples whose light is x times a log-normal factor of mean 1 and variance e^2.25 − 1, one factor for all channels, so that
    /// single samples outshine the rest; strength: samples per pixel.
    /// </summary>
    MonteCarlo,
}
