using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>
/// Shows a grey image to a colour network. Three equal channels would have equal noise, which a network that knows independent noise takes for structure. So noise that adds up
/// to nothing over the channels is drawn on top: with it, the channels' noise is independent and has three times the variance, and their mean is the grey image still.
/// </summary>
/// <param name="noise">Of the grey image, with all parameters, on the scale of the network.</param>
internal sealed class GreyAsColour(NoiseModel noise)
{
    /// <summary>The noise of each channel; null where no such noise can be made (impulses).</summary>
    public static NoiseModel? Of(NoiseModel noise) => noise switch
    {
        NoiseModel.Gaussian gaussian => new NoiseModel.Gaussian(gaussian.Sigma * Math.Sqrt(3)),
        NoiseModel.Poisson poisson => new NoiseModel.Poisson(poisson.Lambda / 3),
        NoiseModel.Affine affine => new NoiseModel.Affine(3 * affine.A, 3 * affine.B),
        _ => null,
    };

    /// <summary>Rows of three channels; the same rows are the same however they are cut.</summary>
    /// <param name="rows">One channel; borrowed.</param>
    /// <param name="top">Number of the first of them in the image.</param>
    public ImageBuffer Rows(ImageBuffer rows, int top)
    {
        var count = rows.Width * rows.Height;
        var planes = new float[3 * count];
        for (var row = 0; row < rows.Height; row++)
        {
            var random = CounterRandom.For(0, "denoise.grey", top + row);
            for (var place = row * rows.Width; place < (row + 1) * rows.Width; place++)
            {
                var value = rows.Planes[place];
                var (a, b, c) = (random.NextNormal(), random.NextNormal(), random.NextNormal());
                var (mean, deviation) = ((a + b + c) / 3, Math.Sqrt(3 * (noise.VarianceAt(value) ?? 0)));
                planes[place] = (float)(value + (deviation * (a - mean)));
                planes[count + place] = (float)(value + (deviation * (b - mean)));
                planes[(2 * count) + place] = (float)(value + (deviation * (c - mean)));
            }
        }

        return new ImageBuffer(3, rows.Height, rows.Width, planes);
    }
}
