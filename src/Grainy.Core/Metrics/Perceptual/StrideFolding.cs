using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// A convolution with a stride s is one of stride 1 on blocks of s × s pixels taken as channels. AlexNet's first layer (11 × 11, stride 4, 3 channels) becomes one of
/// 3 × 3 with 48 channels, which <see cref="FastConvolution"/> can do.
/// </summary>
internal static class StrideFolding
{
    /// <summary>The kernels for blocks, <c>[O, s²·C, ⌈r / s⌉, ⌈r / s⌉]</c>; the caller owns them.</summary>
    /// <param name="kernels"><c>[O, C, r, r]</c>; borrowed.</param>
    /// <param name="stride">s.</param>
    public static Tensor Kernels(Tensor kernels, long stride)
    {
        var shape = kernels.Require("O C R R");
        var side = (shape[2] + stride - 1) / stride;
        var more = (side * stride) - shape[2];
        using var scope = NewDisposeScope();
        return nn.functional.pad(kernels.detach(), [0, more, 0, more])
            .reshape(shape[0], shape[1], side, stride, side, stride)
            .permute(0, 3, 5, 1, 2, 4)
            .reshape(shape[0], stride * stride * shape[1], side, side)
            .MoveToOuterDisposeScope();
    }

    /// <summary>The images as blocks, padding included, channels-last; the caller owns them.</summary>
    /// <param name="images"><c>[N, C, H, W]</c>; borrowed.</param>
    /// <param name="kernel">Side of the kernel, r.</param>
    /// <param name="stride">s.</param>
    /// <param name="padding">Zeros on each side.</param>
    public static Tensor Images(Tensor images, long kernel, long stride, long padding)
    {
        var shape = images.Require("N C H W");
        var side = (kernel + stride - 1) / stride;
        var (down, across) = (Blocks(shape[2]), Blocks(shape[3]));
        using var scope = NewDisposeScope();
        // What lies behind the last block is cut off: a negative padding.
        return nn.functional.pad(
                images.permute(0, 2, 3, 1),
                [0, 0, padding, (across * stride) - shape[3] - padding, padding, (down * stride) - shape[2] - padding])
            .reshape(shape[0], down, stride, across, stride * shape[1])
            .permute(0, 1, 3, 2, 4)
            .reshape(shape[0], down, across, stride * stride * shape[1])
            .permute(0, 3, 1, 2)
            .MoveToOuterDisposeScope();

        long Blocks(long length) => ((length + (2 * padding) - kernel) / stride) + side;
    }
}
