namespace Grainy.Core.Noise;

/// <summary>What is known of the noise of some images, and what to do about it.</summary>
/// <param name="Images">What each measured image tells, in their order.</param>
/// <param name="Frames">What pairs of neighbouring images tell that have the same size; empty where there are none.</param>
/// <param name="Proposal">What follows.</param>
public sealed record NoiseReport(IReadOnlyList<ImageNoise> Images, IReadOnlyList<FrameNoise> Frames, NoiseProposal Proposal);
