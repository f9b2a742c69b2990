using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>Whether an image can be learned from, told before a training begins.</summary>
public static class TrainingInput
{
    /// <summary>
    /// Why the image cannot be trained on, and what to do: too small, without any content, clipped almost everywhere, or with samples that are not numbers. Null when it can.
    /// </summary>
    public static string? Problem(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        try
        {
            TrainingImages.Check([image]);
            return null;
        }
        catch (ArgumentException refusal)
        {
            return refusal.ParamName is { } name ? refusal.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : refusal.Message;
        }
    }
}
