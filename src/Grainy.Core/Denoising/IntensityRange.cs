using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>How samples are brought to the scale the network works on: network value = (sample − <paramref name="Offset"/>) / <paramref name="Scale"/>.</summary>
/// <param name="Offset">The sample that becomes 0.</param>
/// <param name="Scale">Positive.</param>
public readonly record struct IntensityRange(double Offset, double Scale)
{
    /// <summary>Samples are used as they are: ordinary photographs in [0, 1].</summary>
    public static IntensityRange Identity { get; } = new(0, 1);

    /// <summary>
    /// The identity for images that use a fair part of [0, 1]; otherwise (dark 16-bit frames, counts) the range between the 0.1 % and 99.9 % quantiles over all
    /// images, because a network that starts from standard weights learns slowly on values of a thousandth.
    /// </summary>
    public static IntensityRange Of(IReadOnlyList<ImageBuffer> images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var sample = Subsample(images);
        if (sample.Length == 0)
        {
            return Identity;
        }

        Array.Sort(sample);
        double low = sample[(int)(0.001 * (sample.Length - 1))], high = sample[(int)(0.999 * (sample.Length - 1))];
        return low > -0.5 && high is > 0.25 and < 1.5 ? Identity : new IntensityRange(low, Math.Max(high - low, 1e-6));
    }

    /// <summary>The image on the network's scale; itself where that is its own.</summary>
    public ImageBuffer ToNetwork(ImageBuffer image) => Map(image, 1 / Scale, -Offset / Scale);

    /// <summary>The image on its own scale; itself where that is the network's.</summary>
    public ImageBuffer FromNetwork(ImageBuffer image) => Map(image, Scale, Offset);

    private static ImageBuffer Map(ImageBuffer image, double factor, double summand)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (factor == 1 && summand == 0)
        {
            return image; // large files go through here band by band
        }

        var planes = new float[image.Planes.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            planes[i] = (float)((image.Planes[i] * factor) + summand);
        }

        return new ImageBuffer(image.Channels, image.Height, image.Width, planes);
    }

    private static float[] Subsample(IReadOnlyList<ImageBuffer> images)
    {
        const int target = 200_000;
        var total = images.Sum(image => image.Planes.LongLength);
        var every = (int)Math.Max(1, total / target);
        return [.. images.SelectMany(image => image.Planes.Where((_, index) => index % every == 0)).Where(float.IsFinite)];
    }
}
