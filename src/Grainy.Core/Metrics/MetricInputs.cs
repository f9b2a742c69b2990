using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>What two images must fulfil to be compared.</summary>
internal static class MetricInputs
{
    public static void RequireComparable(ImageBuffer a, ImageBuffer b, string metric, int smallestSide)
    {
        RequireSizes(a, b, metric, smallestSide);
        RequireFinite(a, "first");
        RequireFinite(b, "second");
    }

    /// <summary>Passes when the sizes are equal and large enough.</summary>
    public static void RequireSizes(ImageBuffer a, ImageBuffer b, string metric, int smallestSide)
    {
        ArgumentNullException.ThrowIfNull(a);
        ArgumentNullException.ThrowIfNull(b);
        if ((a.Width, a.Height) != (b.Width, b.Height))
        {
            throw new MetricInputException($"The images differ in size ({a.Width} × {a.Height} and {b.Width} × {b.Height}): crop or scale one of them first.");
        }

        if (Math.Min(a.Width, a.Height) < smallestSide)
        {
            throw new MetricInputException(
                $"The images are {a.Width} × {a.Height}, but {metric} needs at least {smallestSide} pixels on each side: choose larger images.");
        }
    }

    /// <summary>The image with three channels; grey is repeated.</summary>
    public static ImageBuffer ToRgb(this ImageBuffer image) =>
        image.Channels == 3 ? image : new ImageBuffer(3, image.Height, image.Width, [.. image.Planes, .. image.Planes, .. image.Planes]);

    /// <summary>The image with every sample changed.</summary>
    public static ImageBuffer Map(this ImageBuffer image, Func<float, float> change) =>
        new(image.Channels, image.Height, image.Width, Array.ConvertAll(image.Planes, sample => change(sample)));

    /// <summary>The largest magnitude of an image's samples, which must be finite.</summary>
    public static float RequireFinite(ImageBuffer image, string which)
    {
        var largest = FiniteSamples.LargestMagnitude(image.Planes);
        if (!float.IsFinite(largest))
        {
            var index = Array.FindIndex(image.Planes, value => !float.IsFinite(value));
            var (y, x) = Math.DivRem(index % (image.Width * image.Height), image.Width);
            throw new MetricInputException(
                $"The {which} image holds {image.Planes[index]} at x = {x}, y = {y}, which no distance can be computed from: mend or crop that place first.");
        }

        return largest;
    }
}
