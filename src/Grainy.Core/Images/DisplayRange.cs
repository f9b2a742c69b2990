namespace Grainy.Core.Images;

/// <summary>Chooses which values are shown as black and white.</summary>
public static class DisplayRange
{
    private const int MostSamples = 400_000;

    /// <summary>
    /// (0, 1) for 8-bit images and for all that use that range; for dark 16-bit and float images, and for float images on another scale, the values below which
    /// 1 % and 99.7 % of the samples lie.
    /// </summary>
    /// <remarks>
    /// An image uses the range when its bright end (99.7 %) lies within [0.35, 2] and its dark end (1 %) within [−0.5, 0.5]; noise may pass both ends.
    /// </remarks>
    /// <returns>White is always above black.</returns>
    public static (double Black, double White) Of(ImageBuffer image, ImageFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return facts is { IsFloat: false, BitDepth: <= 8 } ? (0, 1) : Of(image);
    }

    /// <summary>The same by the samples alone.</summary>
    public static (double Black, double White) Of(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var step = Math.Max(1, image.Planes.Length / MostSamples);
        step += step > 1 && step % 2 == 0 ? 1 : 0; // an odd step visits all columns of images with an even width
        var samples = new float[(image.Planes.Length + step - 1) / step];
        for (var i = 0; i < samples.Length; i++)
        {
            samples[i] = image.Planes[i * step];
        }

        Array.Sort(samples);
        double dark = samples[(int)(0.01 * (samples.Length - 1))], bright = samples[(int)(0.997 * (samples.Length - 1))];
        if (bright is >= 0.35 and <= 2 && dark is >= -0.5 and <= 0.5)
        {
            return (0, 1);
        }

        return bright - dark > 1e-6 * Math.Max(1, Math.Abs(bright)) ? (dark, bright) : (Math.Min(0, dark), Math.Max(1, bright + 1));
    }
}
