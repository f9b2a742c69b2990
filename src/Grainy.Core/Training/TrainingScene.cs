using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>What is known of one scene: its noisy exposures and, where there is one, a clean reference.</summary>
/// <param name="Frames">At least one; all of one size and with equal channels.</param>
/// <param name="Reference">Clean, with the size and channels of the frames; null: none.</param>
public sealed record TrainingScene(IReadOnlyList<ImageBuffer> Frames, ImageBuffer? Reference = null)
{
    /// <summary>Scenes of one frame each.</summary>
    public static IReadOnlyList<TrainingScene> OfSingles(IEnumerable<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        return [.. images.Select(image => new TrainingScene([image]))];
    }
}
