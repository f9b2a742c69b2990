namespace Grainy.Web.Shared.ImageViewer;

/// <summary>One of the pictures of a viewer.</summary>
/// <param name="Small">Address of a preview that comes fast.</param>
/// <param name="Full">Address of the largest level.</param>
public sealed record ViewerSide(string Name, string Small, string Full);
