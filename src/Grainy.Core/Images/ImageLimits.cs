using System.Globalization;

namespace Grainy.Core.Images;

/// <summary>What an image may measure; checked against its header, before memory is taken for its pixels.</summary>
public sealed record ImageLimits
{
    /// <summary>32,768 pixels on the longest side, 250 megapixels in all.</summary>
    public static ImageLimits Default { get; } = new();

    /// <summary>Longest side in pixels.</summary>
    public int MaxSide { get; init; } = 32_768;

    /// <summary>Width times height.</summary>
    public long MaxPixels { get; init; } = 250_000_000;

    /// <summary>Refuses sizes outside the limits.</summary>
    /// <exception cref="ImageFormatException">A side is not positive, or a limit is passed.</exception>
    internal void Check(string format, long width, long height)
    {
        if (width < 1 || height < 1)
        {
            throw new ImageFormatException($"The {format} file is damaged: it says that it is {width} × {height} pixels; export it again.");
        }

        if (width > MaxSide || height > MaxSide || width * height > MaxPixels)
        {
            throw new ImageFormatException(string.Create(
                CultureInfo.InvariantCulture,
                $"The {format} image is {width:N0} × {height:N0} pixels, "
                + $"more than the {MaxSide:N0} per side and {MaxPixels / 1e6:0.#} megapixels in all that are allowed; crop it or scale it down."));
        }
    }
}
