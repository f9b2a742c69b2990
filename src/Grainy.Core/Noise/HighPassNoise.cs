using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>Estimates by the median of a high-pass filter: quick, few pixels suffice, too high where the image is full of texture.</summary>
internal static class HighPassNoise
{
    /// <summary>Median of a normal deviate's magnitude.</summary>
    private const double MedianOfNormal = 0.67448975;

    /// <summary>Appends |I ∗ N| at the inner samples of a square, with N = [1 −2 1; −2 4 −2; 1 −2 1] (Immerkær 1996; the mask has energy 36).</summary>
    public static void AddResponses(ReadOnlySpan<float> plane, int corner, int width, int side, List<float> responses)
    {
        for (var row = 1; row < side - 1; row++)
        {
            for (var column = 1; column < side - 1; column++)
            {
                var i = corner + (row * width) + column;
                var response = plane[i - width - 1] + plane[i - width + 1] + plane[i + width - 1] + plane[i + width + 1]
                    - (2 * (plane[i - width] + plane[i + width] + plane[i - 1] + plane[i + 1])) + (4 * plane[i]);
                responses.Add(Math.Abs(response));
            }
        }
    }

    /// <summary>The median of such responses / (6 · 0.6745): Immerkær's estimate with the median for the mean. Null where there are none.</summary>
    public static double? FromResponses(List<float> responses) => Median(responses) / (6 * MedianOfNormal);

    /// <summary>The estimate over all inner samples of a channel whose neighbours count too. Null where there are none.</summary>
    public static double? Whole(ImageBuffer image, int channel, bool[]? usable)
    {
        var responses = new List<float>();
        for (var y = 0; y + 3 <= image.Height; y++)
        {
            for (var x = 0; x + 3 <= image.Width; x++)
            {
                var corner = (y * image.Width) + x;
                if (usable is null || (usable.AsSpan(corner, 3).IndexOf(false) & usable.AsSpan(corner + image.Width, 3).IndexOf(false)
                    & usable.AsSpan(corner + (2 * image.Width), 3).IndexOf(false)) < 0)
                {
                    AddResponses(image.Plane(channel), corner, image.Width, 3, responses);
                }
            }
        }

        return FromResponses(responses);
    }

    /// <summary>Median of |HH| / 0.6745 over the finest diagonal Haar coefficients (Donoho and Johnstone 1994).</summary>
    /// <param name="image">At least 2 × 2 pixels.</param>
    /// <returns>Null where nothing counts.</returns>
    public static double? Wavelet(ImageBuffer image, int channel, bool[]? usable)
    {
        var plane = image.Plane(channel);
        var w = image.Width;
        var responses = new List<float>(plane.Length / 4);
        for (var y = 0; y < image.Height - 1; y += 2)
        {
            for (var x = 0; x < w - 1; x += 2)
            {
                var i = (y * w) + x;
                if (usable is null || (usable[i] && usable[i + 1] && usable[i + w] && usable[i + w + 1]))
                {
                    responses.Add(Math.Abs(plane[i] - plane[i + 1] - plane[i + w] + plane[i + w + 1]) / 2);
                }
            }
        }

        return Median(responses) / MedianOfNormal;
    }

    private static double? Median(List<float> values)
    {
        if (values.Count == 0)
        {
            return null;
        }

        values.Sort();
        return values[values.Count / 2];
    }
}
