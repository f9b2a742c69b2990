using Grainy.Core.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Peak signal-to-noise ratio for a result's caption.</summary>
internal static class Decibels
{
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
