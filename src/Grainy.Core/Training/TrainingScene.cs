using Grainy.Core.Images;
using Grainy.Core.Training.Registration;

namespace Grainy.Core.Training;

/// <summary>What is known of one scene: its noisy exposures and, where there is one, a clean reference.</summary>
/// <param name="Frames">At least one; all of one size and with equal channels.</param>
/// <param name="Reference">Clean, with the size and channels of the frames; null: none.</param>
public sealed record TrainingScene(IReadOnlyList<ImageBuffer> Frames, ImageBuffer? Reference = null)
{
    /// <summary>
    /// Where each frame lies, and after them the reference where there is one; targets are resampled accordingly. Null: all lie pixel on pixel.
    /// </summary>
    public IReadOnlyList<FrameAlignment>? Alignments { get; init; }

    /// <summary>Scenes of one frame each.</summary>
    public static IReadOnlyList<TrainingScene> OfSingles(IEnumerable<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return [.. images.Select(image => new TrainingScene([image]))];
    }
}
