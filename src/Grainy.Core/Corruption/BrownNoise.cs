using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Corruption;

/// <summary>Noise that neighbours share: independent white fields, blurred by Gaussians of widths 1, 2 and 4 pixels, each brought to the same variance, added up.</summary>
internal static class BrownNoise
{
    private static readonly double[] Widths = [1, 2, 4];

    /// <param name="sigma">Standard deviation of each sample.</param>
    public static ImageBuffer Add(ImageBuffer clean, double sigma, ref CounterRandom random)
    {
        var planes = clean.Planes.ToArray();
        var (width, height) = (clean.Width, clean.Height);
        var white = new double[width * height];
        for (var c = 0; c < clean.Channels; c++)
        {
            foreach (var blur in Widths)
            {
                for (var i = 0; i < white.Length; i++)
                {
                    white[i] = random.NextNormal();
                }

                var kernel = Kernel(blur);
                var field = Along(Along(white, kernel, width, height, 1, width), kernel, width, height, width, height);
                for (var i = 0; i < field.Length; i++)
                {
                    planes[(c * field.Length) + i] += (float)(sigma / Math.Sqrt(Widths.Length) * field[i]);
                }
            }
        }

        return new ImageBuffer(clean.Channels, height, width, planes);
    }

    // Of energy 1, so that blurred white noise keeps its variance.
    private static double[] Kernel(double width)
    {
        var radius = (int)Math.Ceiling(3 * width);
        var kernel = Enumerable.Range(-radius, (2 * radius) + 1).Select(x => Math.Exp(-x * x / (2 * width * width))).ToArray();
        var energy = Math.Sqrt(kernel.Sum(value => value * value));
        return [.. kernel.Select(value => value / energy)];
    }

    // Round the edge, so that the variance is the same everywhere; images narrower than the kernel fold over and keep too little or too much of it.
    private static double[] Along(double[] field, double[] kernel, int width, int height, int stride, int length)
    {
        var result = new double[field.Length];
        var radius = kernel.Length / 2;
        for (var i = 0; i < width * height; i++)
        {
            var place = i / stride % length;
            var origin = i - (place * stride);
            for (var k = -radius; k <= radius; k++)
            {
                result[i] += kernel[k + radius] * field[origin + ((((place + k) % length) + length) % length * stride)];
            }
        }

        return result;
    }
}
