namespace Grainy.Core.Images;

/// <summary>Turns images upright by the orientation tag of EXIF and TIFF (1 to 8; TIFF 6.0, page 36).</summary>
internal static class ImageOrientation
{
    /// <summary>The image as it should be seen; the same object for 1 and for values outside the standard.</summary>
    public static ImageBuffer Upright(ImageBuffer image, int orientation)
    {
        if (orientation is < 2 or > 8)
        {
            return image;
        }

        var turned = orientation >= 5;
        var (width, height) = turned ? (image.Height, image.Width) : (image.Width, image.Height);
        var planes = GC.AllocateUninitializedArray<float>(image.Planes.Length);
        for (var c = 0; c < image.Channels; c++)
        {
            var source = image.Plane(c);
            var target = planes.AsSpan(c * width * height, width * height);
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    // Where the upright pixel (x, y) lies in the stored image.
                    var (column, row) = orientation switch
                    {
                        2 => (image.Width - 1 - x, y),
                        3 => (image.Width - 1 - x, image.Height - 1 - y),
                        4 => (x, image.Height - 1 - y),
                        5 => (y, x),
                        6 => (y, image.Height - 1 - x),
                        7 => (image.Width - 1 - y, image.Height - 1 - x),
                        _ => (image.Width - 1 - y, x),
                    };
                    target[(y * width) + x] = source[(row * image.Width) + column];
                }
            }
        }

        return new ImageBuffer(image.Channels, height, width, planes);
    }
}
