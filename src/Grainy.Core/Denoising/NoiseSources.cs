namespace Grainy.Core.Denoising;

/// <summary>Where a model takes the noise of an image from when nobody gives it.</summary>
public static class NoiseSources
{
    /// <summary>Estimated from each image by its flat parts; Gaussian.</summary>
    public const string Estimated = "estimated";

    /// <summary>As given for the training.</summary>
    public const string Given = "given";

    /// <summary>Learned in training, the same for all images.</summary>
    public const string Learned = "learned";

    /// <summary>Estimated from each image by a network that was trained along.</summary>
    public const string LearnedPerImage = "learned-per-image";

    /// <summary>All names.</summary>
    public static IReadOnlyList<string> All { get; } = [Estimated, Given, Learned, LearnedPerImage];
}
