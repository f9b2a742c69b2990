using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>Where one frame of a blend stands.</summary>
public sealed record BlendStep
{
    /// <summary>0 is the first image, the last frame the second one.</summary>
    public required int Frame { get; init; }

    /// <summary>Share of the second image, in [0, 1].</summary>
    public required double Weight { get; init; }

    /// <summary>Optimisation steps behind this frame.</summary>
    public required int StepsDone { get; init; }

    /// <summary>Optimisation steps that it will have had at its end; 0 for the two ends.</summary>
    public required int StepsTotal { get; init; }

    /// <summary>
    /// (1 − w)·d(a, X)² + w·d(b, X)², an average over fixed transforms: the last value measured, which is that of <see cref="Picture"/>
    /// where one is set; 0 at the ends and before the first measurement.
    /// </summary>
    public required double Energy { get; init; }

    /// <summary>The same of the pixel mix.</summary>
    public required double MixEnergy { get; init; }

    /// <summary>Which distance is used: <c>elpips-squeeze</c>, or <c>elpips-builtin</c> where no published weights are installed.</summary>
    public required string Metric { get; init; }

    /// <summary>Set when worth showing: once early, and at the end.</summary>
    public ImageBuffer? Picture { get; init; }

    /// <summary>True for the last step of a frame.</summary>
    public bool FrameFinal { get; init; }
}
