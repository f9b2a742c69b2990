using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Denoising.Plain;

/// <summary>Layers of the plain U-Net. All take and return <c>[N, C, H, W]</c> with channels-last strides; none changes its arguments.</summary>
internal static class PlainLayers
{
    // Taps of a 3-tap kernel that meet the same sample of a doubled row: for the even output the samples before and here, for the odd one here and after.
    private static readonly float[,,] Taps1D = { { { 1, 0, 0 }, { 0, 1, 1 } }, { { 1, 1, 0 }, { 0, 0, 1 } } };

    /// <summary>3×3 convolution with a border of zeros.</summary>
    public static Tensor Convolution(Tensor x, Tensor weight, Tensor? bias) => F.conv2d(x, weight, bias, padding: [1, 1]);

    /// <summary>As above, followed by the leaky rectifier of slope 0.1.</summary>
    public static Tensor Layer(Tensor x, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        return HalfPlane.Rectify(Convolution(x, weight, bias)).MoveToOuterDisposeScope();
    }

    /// <summary>Maxima of 2×2 at every place, blurred by [1 2 1]⊗[1 2 1] / 16, every second one kept (Zhang 2019). H and W must be even.</summary>
    public static Tensor BlurredPool(Tensor x)
    {
        using var scope = NewDisposeScope();
        var maxima = F.max_pool2d(F.pad(x, [0, 1, 0, 1], PaddingModes.Replicate), [2, 2], [1, 1]);
        // Two means of two in a row are [1 2 1] / 4.
        var blurred = F.avg_pool2d(F.pad(maxima, [1, 1, 1, 1], PaddingModes.Reflect), [2, 2], [1, 1]);
        return F.avg_pool2d(blurred, [2, 2], [2, 2]).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// The layer of the concatenation of <paramref name="low"/>, doubled by nearest neighbour, and <paramref name="skip"/>, without making either: each of the
    /// four output phases is a 2×2 convolution of the low-resolution map with summed taps.
    /// </summary>
    /// <param name="low">[N, C, H/2, W/2].</param>
    /// <param name="skip">[N, S, H, W], or null for none.</param>
    /// <param name="weight">[O, C+S, 3, 3].</param>
    /// <param name="bias">[O].</param>
    /// <returns>[N, O, H, W].</returns>
    public static Tensor UpLayer(Tensor low, Tensor? skip, Tensor weight, Tensor bias)
    {
        using var scope = NewDisposeScope();
        var channels = low.shape[1];
        var up = Doubled(low, weight.narrow(1, 0, channels));
        var sum = skip is null
            ? up.add(bias.view(1, -1, 1, 1), Arithmetic.One)
            : Convolution(skip, weight.narrow(1, channels, skip.shape[1]), bias).add_(up, Arithmetic.One);
        return HalfPlane.Rectify(sum).MoveToOuterDisposeScope();
    }

    private static Tensor Doubled(Tensor low, Tensor weight)
    {
        var (n, height, width, outputs, inputs) = (low.shape[0], low.shape[2], low.shape[3], weight.shape[0], low.shape[1]);

        // [O, C, 9]·[9, 16] → [O, C, row phase, column phase, 2, 2].
        var summed = weight.reshape(outputs * inputs, 9).mm(Taps(weight.dtype, low.device)).view(outputs, inputs, 2, 2, 2, 2);
        var padded = F.pad(low, [1, 1, 1, 1]);
        Tensor[] phases = [Phase(0, 0), Phase(0, 1), Phase(1, 0), Phase(1, 1)];

        // [N, H/2, row phase, W/2, column phase, O]: the memory order of a channels-last [N, O, H, W].
        return stack(phases, 3).view(n, height, width, 2, 2, outputs).permute(0, 1, 3, 2, 4, 5)
            .reshape(n, 2 * height, 2 * width, outputs).permute(0, 3, 1, 2);

        Tensor Phase(int row, int column)
        {
            var kernel = summed.select(2, row).select(2, column).contiguous();
            var view = padded.narrow(2, row, height + 1).narrow(3, column, width + 1);
            return F.conv2d(view, kernel).permute(0, 2, 3, 1);
        }
    }

    // [9, 16]: from a 3×3 tap to (row phase, column phase, row, column) of the 2×2 kernels.
    private static Tensor Taps(ScalarType type, Device device)
    {
        var taps = new float[9 * 16];
        for (var tap = 0; tap < 9; tap++)
        {
            for (var place = 0; place < 16; place++)
            {
                taps[(tap * 16) + place] = Taps1D[place >> 3, (place >> 1) & 1, tap / 3] * Taps1D[(place >> 2) & 1, place & 1, tap % 3];
            }
        }

        return tensor(taps, [9, 16], dtype: type, device: device);
    }
}
