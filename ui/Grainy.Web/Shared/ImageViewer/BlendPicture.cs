namespace Grainy.Web.Shared.ImageViewer;

/// <summary>A computed frame of a blend as the viewer needs it.</summary>
/// <param name="Weight">Share of the right image, in [0, 1].</param>
/// <param name="Final">False while it is still being refined.</param>
public sealed record BlendPicture(int Index, double Weight, string Url, bool Final);
