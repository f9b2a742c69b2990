namespace Grainy.Web.Features.Datasets;

/// <summary>A set of images that the product generates.</summary>
/// <param name="Kind">As in <see cref="Contracts.Datasets.SampleSpec"/>.</param>
public sealed record SampleChoice(string Kind, string Name, string Text)
{
    public static IReadOnlyList<SampleChoice> All { get; } =
    [
        new("stars", "Night sky", "24 frames of a star field, 16-bit"),
        new("cells", "Cells", "Fluorescent blobs, 16-bit"),
        new("box", "Ray-traced box", "Few light samples per pixel, with a clean render"),
        new("photo", "Photo", "A photo-like scene with noise, and the clean one"),
    ];
}
