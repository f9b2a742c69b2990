namespace Grainy.Core.Images;

/// <summary>Small 8-bit pictures for looking at; never for measuring.</summary>
public static class Preview
{
    /// <summary>A PNG of at most <paramref name="maxSide"/> pixels on its longer side: shrunk by the mean over areas, never enlarged.</summary>
    /// <param name="image">Any range; values outside black and white are clipped.</param>
    /// <param name="black">Value shown as black, on the image's scale.</param>
    /// <param name="white">Value shown as white; above <paramref name="black"/>.</param>
    /// <returns>The file's bytes.</returns>
    public static byte[] RenderPng(ImageBuffer image, int maxSide, double black = 0, double white = 1)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxSide, 1);
        if (!(white > black))
        {
            throw new ArgumentOutOfRangeException(nameof(white), white, $"White must be above black, which is {black}.");
        }

        var small = Math.Max(image.Width, image.Height) > maxSide ? Resize.ToLongerSide(image, maxSide) : image;
        return ImageWriter.Encode(small, OutputFormat.Png8, black, white);
    }
}
