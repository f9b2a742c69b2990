using Grainy.Core.Convolutions;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Pictures between tensors, planes of samples in [0, 1], and what networks take: pixel after pixel, scaled (see <see cref="FeatureDistance.Input"/>).</summary>
internal static unsafe class ScaledPictures
{
    private const int Channels = 3;

    /// <summary>Scaled pictures; the caller owns them.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, float32 on the CPU; borrowed.</param>
    public static FeatureMap Read(Tensor images)
    {
        var shape = images.Require("N 3 H W");
        using var scope = NewDisposeScope();
        var map = new FeatureMap((int)shape[0], (int)shape[2], (int)shape[3], Channels);
        var contiguous = images.detach().contiguous();
        fixed (byte* bytes = contiguous.bytes)
        {
            var start = (nint)bytes;
            Spread.For(map.Count * map.Height, line =>
            {
                var (image, row) = Math.DivRem(line, map.Height);
                for (var channel = 0; channel < Channels; channel++)
                {
                    var (factor, offset) = FeatureDistance.Input(channel);
                    var from = (float*)start + (((((nint)image * Channels) + channel) * map.Height) + row) * map.Width;
                    var to = map.At(image, row, 0) + channel;
                    for (var column = 0; column < map.Width; column++)
                    {
                        to[Channels * column] = (from[column] * factor) + offset;
                    }
                }
            });
        }

        return map;
    }

    /// <summary>Gradients with respect to the pictures <see cref="Read"/> from those of what it gave, <c>[N, 3, H, W]</c>; the caller owns them.</summary>
    public static Tensor Gradient(FeatureMap gradient)
    {
        var result = empty([gradient.Count, Channels, gradient.Height, gradient.Width], dtype: float32);
        fixed (byte* bytes = result.bytes)
        {
            var start = (nint)bytes;
            Spread.For(gradient.Count * gradient.Height, line =>
            {
                var (image, row) = Math.DivRem(line, gradient.Height);
                for (var channel = 0; channel < Channels; channel++)
                {
                    var factor = FeatureDistance.Input(channel).Factor;
                    var from = gradient.At(image, row, 0) + channel;
                    var to = (float*)start + (((((nint)image * Channels) + channel) * gradient.Height) + row) * gradient.Width;
                    for (var column = 0; column < gradient.Width; column++)
                    {
                        to[column] = from[Channels * column] * factor;
                    }
                }
            });
        }

        return result;
    }
}
