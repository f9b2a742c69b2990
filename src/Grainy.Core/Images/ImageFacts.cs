namespace Grainy.Core.Images;

/// <summary>What was read from a file besides its pixels.</summary>
/// <param name="Format"><c>PNG</c>, <c>JPEG</c>, <c>TIFF</c>, <c>WebP</c> or <c>GIF</c>.</param>
/// <param name="Width">In pixels, upright.</param>
/// <param name="Height">In pixels, upright.</param>
/// <param name="Channels">1 (grey) or 3 (RGB), without alpha.</param>
/// <param name="BitDepth">Bits per sample: 8 (also for 1, 2 and 4), 16 or 32.</param>
/// <param name="IsFloat">True for floating-point samples, which are taken as they are.</param>
/// <param name="HadAlpha">True when there was transparency; it is dropped, the colours under it are kept.</param>
/// <param name="Note">How the file was read where that matters, in words; null where all is plain.</param>
public sealed record ImageFacts(string Format, int Width, int Height, int Channels, int BitDepth, bool IsFloat, bool HadAlpha, string? Note)
{
    /// <summary>Pages of the file, as of a stack of exposures or slices; 1 for a plain image.</summary>
    public int Pages { get; init; } = 1;
}

/// <summary>An image and what its file said of it.</summary>
public sealed record DecodedImage(ImageBuffer Image, ImageFacts Facts);
