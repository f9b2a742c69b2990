using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>An earlier stage of a frame to go on from.</summary>
/// <param name="Picture">Of the blend's full size.</param>
/// <param name="StepsDone">Steps behind it.</param>
public sealed record BlendResume(ImageBuffer Picture, int StepsDone);
