using Grainy.Core.Images;

namespace Grainy.Core.Experiments;

/// <summary>Moves images by fractions of a pixel.</summary>
internal static class Resampling
{
    private const int Lobes = 4;

    /// <summary>The content moved to the right by <paramref name="shift"/> pixels (Lanczos with four lobes, mirrored at the edges) and times <paramref name="gain"/>.</summary>
    public static ImageBuffer Shifted(ImageBuffer image, double shift, double gain)
    {
        var whole = (int)Math.Floor(shift);
        var weights = Enumerable.Range(-Lobes + 1, 2 * Lobes).Select(k => Kernel(k - 1 + (shift - whole))).ToArray();
        var sum = weights.Sum();
        var planes = new float[image.Planes.Length];
        for (var i = 0; i < planes.Length; i++)
        {
            var x = i % image.Width;
            var value = 0.0;
            for (var k = 0; k < weights.Length; k++)
            {
                value += weights[k] * image.Planes[i - x + Mirror.Index(x - whole + (k - Lobes), image.Width)];
            }

            planes[i] = (float)(gain * value / sum);
        }

        return new ImageBuffer(image.Channels, image.Height, image.Width, planes);
    }

    private static double Kernel(double x) => x == 0 ? 1 : Math.Abs(x) >= Lobes ? 0 : Lobes * Math.Sin(Math.PI * x) * Math.Sin(Math.PI * x / Lobes) / (Math.PI * Math.PI * x * x);
}
