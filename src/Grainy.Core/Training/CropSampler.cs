using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training;

/// <summary>
/// Random square crops from a list of images, mirrored and turned at random; each step draws from a stream of its own, so that a resumed run draws the same.
/// </summary>
/// <param name="images">All with the same number of channels; smaller ones than the crop are continued by reflection.</param>
/// <param name="variances">Noise variance of each image.</param>
internal sealed class CropSampler(IReadOnlyList<ImageBuffer> images, IReadOnlyList<double> variances, int side, int batch, SeedSequence seeds)
{
    /// <summary>Crops <c>[N, C, S, S]</c> and the variance of each <c>[N]</c>; the same step always gives the same ones. The caller owns both.</summary>
    public (Tensor Crops, Tensor Variances) Draw(long step)
    {
        var random = seeds.ManagedFor("crop", step);
        var channels = images[0].Channels;
        var values = new float[batch * channels * side * side];
        var noise = new float[batch];
        for (var n = 0; n < batch; n++)
        {
            var index = Pick(random);
            noise[n] = (float)variances[index];
            Fill(values.AsSpan(n * channels * side * side), images[index], random);
        }

        return (tensor(values, [batch, channels, side, side]), tensor(noise));
    }

    // Images are drawn by their share of all pixels, so that every pixel is as likely as any other.
    private int Pick(Random random)
    {
        var place = random.NextInt64(images.Sum(Area));
        var index = 0;
        while (place >= Area(images[index]))
        {
            place -= Area(images[index++]);
        }

        return index;
    }

    private static long Area(ImageBuffer image) => (long)image.Width * image.Height;

    private void Fill(Span<float> destination, ImageBuffer image, Random random)
    {
        var top = random.Next(Math.Max(1, image.Height - side + 1));
        var left = random.Next(Math.Max(1, image.Width - side + 1));
        var symmetry = random.Next(8);
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            for (var row = 0; row < side; row++)
            {
                for (var column = 0; column < side; column++)
                {
                    var (y, x) = Symmetry.Turn(row, column, side, symmetry);
                    destination[(((channel * side) + row) * side) + column] =
                        plane[(Mirror.Index(top + y, image.Height) * image.Width) + Mirror.Index(left + x, image.Width)];
                }
            }
        }
    }
}
