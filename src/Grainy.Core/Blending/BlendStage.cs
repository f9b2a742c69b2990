namespace Grainy.Core.Blending;

/// <summary>What a frame's picture is at a step of a blend.</summary>
public enum BlendStage
{
    /// <summary>One of the images themselves, scaled to the blend's size; nothing was computed.</summary>
    Given,

    /// <summary>The pixel mix, or the start of the published procedure: measured, not yet optimised.</summary>
    Start,

    /// <summary>Optimised at reduced resolution: already perceptual, its finest detail is still that of the start.</summary>
    Coarse,

    /// <summary>Optimised at the working resolution, still improving.</summary>
    Fine,

    /// <summary>Done.</summary>
    Final,
}
