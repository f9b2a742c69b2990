using Grainy.Contracts.Datasets;

namespace Grainy.Contracts.Blending;

/// <summary>What is to be blended, and how.</summary>
/// <param name="Images">Two to four.</param>
/// <param name="Settings">How it is computed.</param>
/// <param name="Fitting">How images of different size or position are made to lie over each other.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-plan.v1")]
public sealed record BlendPlan([property: Id(0)] ImageRef[] Images, [property: Id(1)] BlendSettings Settings, [property: Id(2)] ImageFitting Fitting);

/// <summary>How images are made to lie over each other.</summary>
[GenerateSerializer, Alias("grainy.image-fitting")]
public enum ImageFitting
{
    /// <summary>Taken as they are; sizes must agree.</summary>
    None = 0,

    /// <summary>Cut to the smallest width and height, around their middles.</summary>
    Crop = 1,

    /// <summary>Enlarged or reduced to the first image's size, and cut where the proportions differ.</summary>
    Fit = 2,

    /// <summary>Moved by the measured shift, and cut to what all of them show.</summary>
    Align = 3,
}
