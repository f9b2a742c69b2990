using Grainy.Core.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Peak signal-to-noise ratio for a result's caption.</summary>
internal static class Decibels
{
    /// <summary>The same of a picture of the middle of the scene; null without an image to hold it against.</summary>
    public static double? OfMiddle(ImageBuffer? expected, ImageBuffer middle)
    {
        if (expected is null || expected.Channels != middle.Channels || expected.Width < middle.Width || expected.Height < middle.Height)
        {
            return null;
        }

        var (top, left) = ((expected.Height - middle.Height) / 2, (expected.Width - middle.Width) / 2);
        var planes = new float[middle.Planes.Length];
        for (var channel = 0; channel < middle.Channels; channel++)
        {
            for (var row = 0; row < middle.Height; row++)
            {
                expected.Plane(channel).Slice(((top + row) * expected.Width) + left, middle.Width).CopyTo(planes.AsSpan(((channel * middle.Height) + row) * middle.Width));
            }
        }

        return Between(new ImageBuffer(middle.Channels, middle.Height, middle.Width, planes), middle) is { } value && double.IsFinite(value) ? value : null;
    }

    /// <summary>10·log₁₀(1 / MSE) over all samples, for images nominally in [0, 1]; +∞ for equal images, null when the sizes differ.</summary>
    public static double? Between(ImageBuffer expected, ImageBuffer actual)
    {
        if (!expected.HasSizeOf(actual))
        {
            return null;
        }

        var sum = 0.0;
        for (var i = 0; i < expected.Planes.Length; i++)
        {
            var difference = (double)expected.Planes[i] - actual.Planes[i];
            sum += difference * difference;
        }

        return 10 * Math.Log10(expected.Planes.Length / sum);
    }
}
