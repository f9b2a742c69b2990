namespace Grainy.Web.Shared.ImageViewer;

/// <summary>A coloured picture that lies over both sides of a viewer.</summary>
/// <param name="Name">For people who cannot see it.</param>
public sealed record MapOverlay(string Name, string Url);
