namespace Grainy.Core.Training.Registration;

/// <summary>How one frame of a scene lies over the scene's first one.</summary>
/// <param name="Scene">0 for the first scene.</param>
/// <param name="Frame">Index among the frames; the number of frames for the reference.</param>
/// <param name="Alignment">What was measured.</param>
public sealed record FrameMeasurement(int Scene, int Frame, PairAlignment Alignment);

/// <summary>What was found about the frames of scenes before a training.</summary>
/// <param name="Scenes">The scenes, with alignments where correction was asked for.</param>
/// <param name="Measurements">Of every frame but the first of its scene; of long bursts only of some, unless correction was asked for.</param>
/// <param name="Warnings">One sentence each: what is wrong, what it does to the result, what to do.</param>
public sealed record SceneReport(IReadOnlyList<TrainingScene> Scenes, IReadOnlyList<FrameMeasurement> Measurements, IReadOnlyList<string> Warnings);
