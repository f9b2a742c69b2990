namespace Grainy.Core.Noise;

/// <summary>Whether denoising the images can be advised.</summary>
public enum NoiseVerdict
{
    /// <summary>The noise is understood and the method fits it.</summary>
    Go,

    /// <summary>It can be done, but a warning says what may go wrong.</summary>
    Caution,

    /// <summary>There is nothing to gain, or nothing to learn from; a warning says why and what to do instead.</summary>
    Stop,
}
