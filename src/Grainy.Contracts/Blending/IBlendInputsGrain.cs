using Grainy.Contracts.Datasets;

namespace Grainy.Contracts.Blending;

/// <summary>Whether images can be laid over each other, and what to do where they cannot; its key is the workspace's.</summary>
[Alias("grainy.blend-inputs")]
public interface IBlendInputsGrain : IGrainWithStringKey, IUserFacing
{
    /// <summary>Compares sizes and measures how far images of one size are shifted; reads all pixels, so it takes up to a few seconds. Editors and owners.</summary>
    /// <param name="images">Two to four, or more for an average.</param>
    [Alias("Check")]
    Task<FittingReport> CheckAsync(ImageRef[] images);

    /// <summary>The images as they would be blended, with pixels of their own where something was done to them. Editors and owners.</summary>
    [Alias("Fit")]
    Task<FittedImages> FitAsync(ImageRef[] images, ImageFitting fitting);
}

/// <summary>What stands between images and a blend.</summary>
/// <param name="SameSize">True when they can be blended as they are.</param>
/// <param name="IsShifted">True when some show the same scene at least a pixel apart.</param>
/// <param name="Words">What a person should know, one sentence each; empty when the images fit.</param>
/// <param name="Advice">What to do.</param>
[GenerateSerializer, Immutable, Alias("grainy.fitting-report.v1")]
public sealed record FittingReport(
    [property: Id(0)] bool SameSize, [property: Id(1)] bool IsShifted, [property: Id(2)] string[] Words, [property: Id(3)] ImageFitting Advice);

/// <summary>Images that lie over each other.</summary>
/// <param name="Infos">With the pixels to be used: all of one size.</param>
/// <param name="Words">What was done, one sentence each; empty when they were taken as they are.</param>
[GenerateSerializer, Immutable, Alias("grainy.fitted-images.v1")]
public sealed record FittedImages([property: Id(0)] ImageInfo[] Infos, [property: Id(1)] string[] Words);
