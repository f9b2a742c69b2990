namespace Grainy.Core.Metrics;

/// <summary>What the numbers of an image stand for.</summary>
public enum SampleEncoding
{
    /// <summary>As a display expects them (sRGB's curve or near it): all usual PNG, JPEG and WebP files.</summary>
    Display,

    /// <summary>Proportional to light, as renderers, telescopes and raw cameras give them.</summary>
    Linear,
}
