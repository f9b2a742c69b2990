using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>The weighted mean of pixels: what a blend is shown beside.</summary>
public static class PixelMix
{
    /// <summary>Of images of the same size and channels.</summary>
    /// <param name="images">At least one.</param>
    /// <param name="weights">One per image, of sum 1.</param>
    public static ImageBuffer Of(IReadOnlyList<ImageBuffer> images, IReadOnlyList<double> weights)
    {
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(weights);
        if (images.Count != weights.Count || images.Any(image => !image.HasSizeOf(images[0])))
        {
            throw new ArgumentException("A mix needs images of one size and one weight for each.", nameof(images));
        }

        var sums = new double[images[0].Planes.Length];
        for (var image = 0; image < images.Count; image++)
        {
            var (share, source) = (weights[image], images[image].Planes);
            for (var i = 0; share != 0 && i < sums.Length; i++)
            {
                sums[i] += share * source[i];
            }
        }

        return new ImageBuffer(images[0].Channels, images[0].Height, images[0].Width, Array.ConvertAll(sums, sum => (float)sum));
    }
}
