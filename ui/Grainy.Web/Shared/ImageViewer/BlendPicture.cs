namespace Grainy.Web.Shared.ImageViewer;

/// <summary>A computed frame of a blend as the viewer needs it.</summary>
/// <param name="Weights">Share of each image.</param>
/// <param name="Final">False while it is still being refined.</param>
/// <param name="Stages">Pictures of its way that can be looked at.</param>
/// <param name="Energy">By the metric; lower is better.</param>
/// <param name="Mix">The same of the pixel mix.</param>
public sealed record BlendPicture(int Index, double[] Weights, string Url, bool Final, int Stages, double Energy, double Mix);

/// <summary>A place between the images for which a frame is there or wanted.</summary>
/// <param name="Weights">Share of each image.</param>
/// <param name="Wished">True when it lies beside the regular frames.</param>
public sealed record BlendPlace(int Index, double[] Weights, bool Wished);
