namespace Grainy.Core.Blending;

/// <summary>Where an average stands.</summary>
/// <param name="Step">Its only frame, of index 0 and equal weights.</param>
/// <param name="Report">Set once, with the last step.</param>
public sealed record AverageStep(BlendStep Step, AverageReport? Report);
