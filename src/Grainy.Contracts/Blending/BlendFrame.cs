namespace Grainy.Contracts.Blending;

/// <summary>One frame.</summary>
/// <param name="Index">Of its target; in a chain 0 is the left image, the last the right one.</param>
/// <param name="Weight">Share of the second image, in [0, 1].</param>
/// <param name="Energy">Σ wᵢ·d(xᵢ, X)², an average over transforms; 0 at the images themselves. In a geodesic Σ d² between neighbours of the whole path, the same for all its frames.</param>
/// <param name="MixEnergy">The same of the pixel mix, for contrast.</param>
/// <param name="Png">8-bit picture.</param>
/// <param name="Pixels">Float planes (NPY); of an early stage the picture itself.</param>
/// <param name="Final">False for an early stage that will be refined.</param>
/// <param name="Weights">Share of each image; null in older blends, which have two.</param>
/// <param name="EnergyError">Standard error of <paramref name="Energy"/>; null where it was not estimated.</param>
/// <param name="StepsDone">Optimisation steps behind it.</param>
/// <param name="Steps">Most steps that it was allowed; 0 in older blends.</param>
/// <param name="Stages">Pictures of its way that are kept.</param>
/// <param name="Remembered">True when another blend of the same images and settings had computed it.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-frame.v1")]
public sealed record BlendFrame(
    [property: Id(0)] int Index, [property: Id(1)] double Weight, [property: Id(2)] double Energy, [property: Id(3)] double MixEnergy,
    [property: Id(4)] BlobRef Png, [property: Id(5)] BlobRef Pixels, [property: Id(6)] bool Final, [property: Id(7)] double[]? Weights = null,
    [property: Id(8)] double? EnergyError = null, [property: Id(9)] int StepsDone = 0, [property: Id(10)] int Steps = 0, [property: Id(11)] int Stages = 0,
    [property: Id(12)] bool Remembered = false);

/// <summary>A picture of a frame on its way.</summary>
/// <param name="Step">Optimisation steps behind it.</param>
/// <param name="Energy">As in <see cref="BlendFrame"/>.</param>
/// <param name="EnergyError">Standard error of the energy; null where it was not estimated.</param>
/// <param name="Stage">What it is of, for people: <c>half size</c>, <c>refining</c>.</param>
/// <param name="Png">8-bit picture, its longer side at most 512 pixels.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-stage.v1")]
public sealed record BlendStage(
    [property: Id(0)] int Step, [property: Id(1)] double Energy, [property: Id(2)] double? EnergyError, [property: Id(3)] string Stage, [property: Id(4)] BlobRef Png);

/// <summary>A frame that was moved along its chain.</summary>
/// <param name="Frame">With its new weights; its <see cref="BlendFrame.Stages"/> is of no account.</param>
/// <param name="Stage">Is added to its way.</param>
[GenerateSerializer, Immutable, Alias("grainy.moved-frame.v1")]
public sealed record MovedFrame([property: Id(0)] BlendFrame Frame, [property: Id(1)] BlendStage Stage);

/// <summary>A place between the images for which a frame is wanted.</summary>
/// <param name="Index">Of the frame.</param>
/// <param name="Weights">One for each image, not negative, of sum 1.</param>
/// <param name="Steps">Most optimisation steps; 0 for those of the settings.</param>
/// <param name="Wished">True when it was added for somebody who stopped there.</param>
[GenerateSerializer, Immutable, Alias("grainy.blend-target.v1")]
public sealed record BlendTarget([property: Id(0)] int Index, [property: Id(1)] double[] Weights, [property: Id(2)] int Steps = 0, [property: Id(3)] bool Wished = false);
