using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Corruption;

/// <summary>A spoiled image and how it was spoiled.</summary>
/// <param name="Image">Not clipped.</param>
/// <param name="Strength">The value that was drawn.</param>
/// <param name="Offset">The constant part of the variance that was drawn; 0 but for affine noise.</param>
/// <param name="Valid">For each pixel, row after row, whether it still is what it was, where whole pixels are lost (Bernoulli, impulses, text); otherwise null.</param>
/// <param name="Model">The noise as a model, where there is one for it.</param>
public sealed record CorruptedImage(ImageBuffer Image, double Strength, double Offset, bool[]? Valid, NoiseModel? Model);
