using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>Additive white Gaussian noise.</summary>
public static class GaussianNoise
{
    /// <summary>A new image: each sample plus an independent normal deviate. Nothing is clipped, so that the noise keeps mean 0.</summary>
    /// <param name="image">Borrowed, unchanged.</param>
    /// <param name="sigma">Standard deviation on the image's scale: σ = 25 in 8-bit units is 25 / 255.</param>
    /// <param name="seed">The same seed gives the same noise.</param>
    /// <param name="frame">Frames of one seed have independent noise.</param>
    /// <remarks>
    /// Deviates run in the order of the samples (plane, row, column), by Box and Muller over a counter-based generator keyed with (seed, "noise.gaussian").
    /// </remarks>
    public static ImageBuffer Corrupt(ImageBuffer image, double sigma, ulong seed, int frame = 0)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (!double.IsFinite(sigma) || sigma < 0)
        {
            throw new ArgumentOutOfRangeException(nameof(sigma), sigma, "The standard deviation of the noise must be a number, 0 or more.");
        }

        var random = CounterRandom.For(seed, "noise.gaussian", frame);
        var planes = GC.AllocateUninitializedArray<float>(image.Planes.Length);
        for (var i = 0; i < planes.Length; i++)
        {
            planes[i] = (float)(image.Planes[i] + (sigma * random.NextNormal()));
        }

        return new ImageBuffer(image.Channels, image.Height, image.Width, planes);
    }
}
