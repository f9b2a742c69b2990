using Grainy.Core.Images;
using Shouldly;

namespace Grainy.TestKit;

/// <summary>Small images made in code, and comparisons of images.</summary>
public static class ImageFixtures
{
    /// <summary>An image whose sample at (channel, y, x) is what <paramref name="value"/> says.</summary>
    public static ImageBuffer Make(int channels, int height, int width, Func<int, int, int, double> value)
    {
        var planes = new float[channels * height * width];
        var i = 0;
        for (var c = 0; c < channels; c++)
        {
            for (var y = 0; y < height; y++)
            {
                for (var x = 0; x < width; x++)
                {
                    planes[i++] = (float)value(c, y, x);
                }
            }
        }

        return new ImageBuffer(channels, height, width, planes);
    }

    /// <summary>Smooth waves of a different direction in each channel, within [0.1, 0.9].</summary>
    public static ImageBuffer Waves(int channels, int height, int width) =>
        Make(channels, height, width, (c, y, x) => 0.5 + (0.4 * Math.Sin((0.11 + (0.05 * c)) * x) * Math.Cos((0.07 + (0.03 * c)) * y)));

    /// <summary>Mean of the squared differences over all samples.</summary>
    public static double MeanSquaredError(ImageBuffer a, ImageBuffer b)
    {
        a.HasSizeOf(b).ShouldBeTrue();
        var sum = 0.0;
        for (var i = 0; i < a.Planes.Length; i++)
        {
            var difference = (double)a.Planes[i] - b.Planes[i];
            sum += difference * difference;
        }

        return sum / a.Planes.Length;
    }

    /// <summary>10·log₁₀(1 / MSE) in decibels.</summary>
    public static double PeakSignalToNoise(ImageBuffer a, ImageBuffer b) => -10 * Math.Log10(MeanSquaredError(a, b));
}
