using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>Estimates the standard deviation of white noise from one image.</summary>
/// <remarks>
/// Per channel the smallest of three, each of which errs upwards where the image is full of texture: principal components of patches
/// (<see cref="PatchNoise"/>), the median of the finest diagonal wavelet, and the median of a high-pass in the flattest blocks (<see cref="FlatBlockNoise"/>).
/// Samples that sit in numbers at either end of the range, clipped by the camera or the file, are left out. Measured on twelve photos with noise of 25 / 255
/// added: errors between 0 and 2.1 %.
/// </remarks>
public static class NoiseEstimator
{
    /// <summary>Shortest side, in pixels, from which an estimate means something.</summary>
    public const int LeastSide = 16;

    // One sample in a thousand at exactly the smallest or largest value means clipping; unclipped noise ends in single samples.
    private const double ClippedShare = 1e-3;

    /// <summary>The estimate.</summary>
    /// <exception cref="ArgumentException">The image is smaller than <see cref="LeastSide"/> pixels.</exception>
    public static NoiseEstimate Estimate(ImageBuffer image) =>
        TryEstimate(image) ?? throw new ArgumentException(
            $"An image of {image.Width} × {image.Height} pixels is too small to estimate its noise; at least {LeastSide} × {LeastSide} are needed.", nameof(image));

    /// <summary>The estimate, or null where the image is smaller than <see cref="LeastSide"/> pixels.</summary>
    public static NoiseEstimate? TryEstimate(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        if (Math.Min(image.Width, image.Height) < LeastSide)
        {
            return null;
        }

        var perChannel = Enumerable.Range(0, image.Channels).Select(channel => OfChannel(image, channel).Best).ToArray();
        return new NoiseEstimate(Math.Sqrt(perChannel.Average(sigma => sigma * sigma)), perChannel);
    }

    /// <summary>One channel by three ways; 0 where all samples are equal.</summary>
    internal static SigmaEstimates OfChannel(ImageBuffer image, int channel)
    {
        var usable = Unclipped(image.Plane(channel));
        var wavelet = HighPassNoise.Wavelet(image, channel, usable) ?? HighPassNoise.Wavelet(image, channel, null) ?? 0;
        var flat = FlatBlockNoise.Estimate(image, channel, usable) ?? HighPassNoise.Whole(image, channel, usable) ?? wavelet;
        return new SigmaEstimates(flat, wavelet, PatchNoise.Estimate(image, channel, usable));
    }

    /// <summary>True where a sample is not clipped; null when none is.</summary>
    internal static bool[]? Unclipped(ReadOnlySpan<float> plane)
    {
        var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
        foreach (var sample in plane)
        {
            low = Math.Min(low, sample);
            high = Math.Max(high, sample);
        }

        var (atLow, atHigh) = (plane.Count(low), plane.Count(high));
        var (cutLow, cutHigh) = (atLow > ClippedShare * plane.Length, atHigh > ClippedShare * plane.Length);
        if ((!cutLow && !cutHigh) || low == high)
        {
            return null;
        }

        var usable = new bool[plane.Length];
        for (var i = 0; i < usable.Length; i++)
        {
            usable[i] = !(cutLow && plane[i] == low) && !(cutHigh && plane[i] == high);
        }

        return usable;
    }
}
