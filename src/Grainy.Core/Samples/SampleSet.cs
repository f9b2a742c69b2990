using Grainy.Core.Images;

namespace Grainy.Core.Samples;

/// <summary>A set of images that the product makes itself.</summary>
/// <param name="Kind">Key: <c>stars</c>, <c>cells</c>, <c>box</c> or <c>photo</c>.</param>
/// <param name="Name">For a menu.</param>
/// <param name="Description">One sentence.</param>
public sealed record SampleSet(string Kind, string Name, string Description);

/// <summary>One image of a set.</summary>
/// <param name="Name">File name with the extension that fits <paramref name="Format"/>.</param>
/// <param name="Image">With noise.</param>
/// <param name="Format">The file in which it would have come.</param>
/// <param name="Reference">The same scene without noise (of the box: with far less), or null. Images of one scene share the same object.</param>
public sealed record SampleImage(string Name, ImageBuffer Image, OutputFormat Format, ImageBuffer? Reference);
