using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>
/// A convolution with a stride s is one of stride 1 on blocks of s × s pixels taken as channels. AlexNet's first layer (11 × 11, stride 4, 3 channels) becomes one of
/// 3 × 3 with 48 channels, which <see cref="WinogradConvolution"/> can do.
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

    /// <summary>Rows of an image as blocks, padding included; the caller owns them.</summary>
    /// <param name="images">Borrowed.</param>
    /// <param name="kernel">Side of the kernel, r.</param>
    /// <param name="stride">s.</param>
    /// <param name="padding">Zeros on each side.</param>
    /// <param name="image">Which image.</param>
    /// <param name="first">First row of blocks.</param>
    /// <param name="rows">Rows of blocks.</param>
    public static unsafe FeatureMap Blocks(FeatureMap images, int kernel, int stride, int padding, int image, int first, int rows)
    {
        var channels = images.Channels;
        var across = ((images.Width + (2 * padding) - kernel) / stride) + ((kernel + stride - 1) / stride);
        var blocks = new FeatureMap(1, rows, across, stride * stride * channels);
        for (var down = 0; down < rows; down++)
        {
            var target = blocks.At(0, down, 0);
            for (var inner = 0; inner < stride; inner++, target += stride * channels)
            {
                var row = ((first + down) * stride) + inner - padding;
                Row(images, (uint)row < (uint)images.Height ? images.At(image, row, 0) : null, target, blocks, stride * channels, padding * channels);
            }
        }

        return blocks;
    }

    // One row of the images into one row of each block; null for a row of zeros.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static unsafe void Row(FeatureMap images, float* row, float* target, FeatureMap blocks, int length, int before)
    {
        var end = row is null ? 0 : images.Width * images.Channels;
        for (var across = 0; across < blocks.Width; across++, target += blocks.Channels)
        {
            var from = (across * length) - before;
            var i = 0;
            if (from >= 0 && from + length <= end)
            {
                for (; i <= length - Vector128<float>.Count; i += Vector128<float>.Count)
                {
                    Vector128.Load(row + from + i).Store(target + i);
                }
            }

            for (; i < length; i++)
            {
                target[i] = (uint)(from + i) < (uint)end ? row[from + i] : 0;
            }
        }
    }
}
