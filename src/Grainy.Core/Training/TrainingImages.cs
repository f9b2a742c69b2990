using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>Checks on the images of a training, and cuts from them.</summary>
internal static class TrainingImages
{
    /// <summary>Refuses what cannot be trained on, in one sentence.</summary>
    public static void Check(IReadOnlyList<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        if (images.Count == 0)
        {
            throw new ArgumentException("There is no image to train on; give at least one.", nameof(images));
        }

        foreach (var image in images)
        {
            if (image.Channels != images[0].Channels)
            {
                throw new ArgumentException("Grey and colour images cannot be trained on together; choose one kind.", nameof(images));
            }

            if (image.Width < TrainingRun.SmallestSide || image.Height < TrainingRun.SmallestSide)
            {
                throw new ArgumentException(
                    $"An image of {image.Width} × {image.Height} pixels is too small to train on; "
                    + $"{TrainingRun.SmallestSide} × {TrainingRun.SmallestSide} is the least.", nameof(images));
            }

            if (!image.Planes.All(float.IsFinite))
            {
                throw new ArgumentException(
                    $"An image of {image.Width} × {image.Height} pixels holds samples that are not finite numbers; mend or leave out that image.", nameof(images));
            }

            var (low, high) = (image.Planes.Min(), image.Planes.Max());
            if (low == high)
            {
                throw new ArgumentException(
                    $"An image of {image.Width} × {image.Height} pixels holds the same value everywhere, so there is nothing to learn from it; leave it out.",
                    nameof(images));
            }

            if (Math.Max(image.Planes.AsSpan().Count(low), image.Planes.AsSpan().Count(high)) > 0.9 * image.Planes.Length)
            {
                throw new ArgumentException(
                    $"Nine tenths of an image of {image.Width} × {image.Height} pixels sit at its lowest or highest value: it is clipped, and what was cut off "
                    + "cannot be learned; expose otherwise, or leave it out.", nameof(images));
            }
        }
    }

    /// <summary>A copy of the square in the middle; <paramref name="side"/> fits into the image.</summary>
    public static ImageBuffer Middle(ImageBuffer image, int side)
    {
        var (top, left) = ((image.Height - side) / 2, (image.Width - side) / 2);
        var planes = new float[image.Channels * side * side];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            for (var row = 0; row < side; row++)
            {
                image.Plane(channel).Slice(((top + row) * image.Width) + left, side).CopyTo(planes.AsSpan(((channel * side) + row) * side));
            }
        }

        return new ImageBuffer(image.Channels, side, side, planes);
    }
}
