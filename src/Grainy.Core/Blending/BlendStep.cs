using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>Where one frame of a blend stands.</summary>
public sealed record BlendStep
{
    /// <summary><see cref="BlendTarget.Index"/> of the frame.</summary>
    public required int Frame { get; init; }

    /// <summary>Shares of the images, one for each, of sum 1.</summary>
    public required IReadOnlyList<double> Weights { get; init; }

    /// <summary>Optimisation steps behind this frame, those at reduced resolution included.</summary>
    public required int StepsDone { get; init; }

    /// <summary>The most steps that it may take; 0 for the images themselves. It may stop earlier, when it no longer improves.</summary>
    public required int StepsTotal { get; init; }

    /// <summary>
    /// Σ wᵢ·d(xᵢ, X)², an average over fixed transforms that are the same for all stages and frames of a size: the last value measured, which is that of
    /// <see cref="Picture"/> where one is set. Of a geodesic: Σ d(x_k, x_{k+1})², the same for all frames. 0 for the images themselves and before the first
    /// measurement. It never rises from one picture of a frame to the next, except in the published procedure, which is told as it goes, and where
    /// a frame was moved to other weights.
    /// </summary>
    public required double Energy { get; init; }

    /// <summary>Standard error of <see cref="Energy"/> as an estimate of the mean over all transforms; 0 for deterministic metrics.</summary>
    public double EnergyError { get; init; }

    /// <summary>The same energy of the pixel mix, under the same transforms.</summary>
    public required double MixEnergy { get; init; }

    /// <summary>Name of the metric, for example <c>elpips-squeeze</c>.</summary>
    public required string Metric { get; init; }

    /// <summary>What the frame is now.</summary>
    public required BlendStage Stage { get; init; }

    /// <summary>Set when worth showing: after each stage and at the end; always of the blend's full size.</summary>
    public ImageBuffer? Picture { get; init; }

    /// <summary>Longer side in pixels at which <see cref="Picture"/> was optimised; 0 where nothing was.</summary>
    public int WorkingSize { get; init; }

    /// <summary>
    /// True when the blend is larger than its working size: detail beyond it was not optimised but taken over from the images, place by place from the one that
    /// the frame is like there.
    /// </summary>
    public bool DetailTransferred { get; init; }

    /// <summary>True for the last picture of a frame; one more report of a whole line may follow, see <see cref="Spacing"/>.</summary>
    public bool FrameFinal { get; init; }

    /// <summary>Spacing of the whole chain; set once, with the very last step and without a picture, where the frames make a line from image to image.</summary>
    public BlendSpacing? Spacing { get; init; }

    /// <summary>
    /// Set with <see cref="Spacing"/> where frames found their places by themselves: that of a chain by the weights that were asked for, before its frames were spaced
    /// evenly; that of the pixel mixes which a geodesic begins with.
    /// </summary>
    public BlendSpacing? SpacingBefore { get; init; }

    /// <summary>A frame for which nothing had to be computed.</summary>
    internal static BlendStep Known(BlendTarget target, string metric, ImageBuffer picture) => new()
    {
        Frame = target.Index,
        Weights = target.Weights,
        StepsDone = 0,
        StepsTotal = 0,
        Energy = 0,
        MixEnergy = 0,
        Metric = metric,
        Stage = BlendStage.Given,
        Picture = picture,
        FrameFinal = true,
    };
}
