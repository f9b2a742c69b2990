using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>Images that were made comparable.</summary>
/// <param name="Images">All of one size, in the order given.</param>
/// <param name="Words">What was done, one sentence each; never empty.</param>
public sealed record AlignedImages(IReadOnlyList<ImageBuffer> Images, IReadOnlyList<string> Words);
