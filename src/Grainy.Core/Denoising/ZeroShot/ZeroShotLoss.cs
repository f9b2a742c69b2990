using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising.ZeroShot;

/// <summary>
/// The loss of zero-shot Noise2Noise (Mansour, Heckel 2023): the two diagonals of each 2×2 cell give two half-size images with independent noise; each, denoised,
/// must match the other (residual) and the half-size of the denoised whole (consistency).
/// </summary>
internal static class ZeroShotLoss
{
    /// <summary>Means over the falling and the rising diagonal of each cell: <c>[N, C, H, W]</c> → two of <c>[N, C, H/2, W/2]</c>. The caller owns both.</summary>
    public static (Tensor Rising, Tensor Falling) Halves(Tensor x)
    {
        var shape = x.Require("N C H W");
        if (shape[2] % 2 != 0 || shape[3] % 2 != 0)
        {
            throw new ArgumentException($"Cells of 2 × 2 pixels do not cover {shape[2]} × {shape[3]}.", nameof(x));
        }

        using var scope = NewDisposeScope();
        var cells = x.reshape(shape[0], shape[1], shape[2] / 2, 2, shape[3] / 2, 2);
        return (Diagonal(0, 1).MoveToOuterDisposeScope(), Diagonal(0, 0).MoveToOuterDisposeScope());

        Tensor Diagonal(long row, long column) =>
            cells.select(3, row).select(4, column).Plus(cells.select(3, 1 - row).select(4, 1 - column)).Times(0.5);
    }

    /// <summary>What one step minimises, a scalar. The caller owns it.</summary>
    /// <param name="noisy">Images <c>[N, C, H, W]</c> with even sides.</param>
    /// <param name="counts">1 for the cells that are learned from and 0 for those held out, <c>[N, 1, H/2, W/2]</c>.</param>
    public static Tensor Training(ZeroShotNetwork network, Tensor noisy, Tensor counts)
    {
        using var scope = NewDisposeScope();
        var (rising, falling) = Halves(noisy);
        var (fromRising, fromFalling) = Denoised(network, rising, falling);
        var (wholeRising, wholeFalling) = Halves(network.Predict(noisy));
        var sum = Sum(rising, fromFalling, counts).Plus(Sum(falling, fromRising, counts))
            .Plus(Sum(fromRising, wholeRising, counts)).Plus(Sum(fromFalling, wholeFalling, counts));
        return sum.Times(0.5).div(Samples(noisy, counts)).MoveToOuterDisposeScope();
    }

    /// <summary>The residual part over the cells that were never learned from: the error of prediction plus the noise itself. A scalar, the caller's.</summary>
    public static Tensor HeldOut(ZeroShotNetwork network, Tensor noisy, Tensor counts)
    {
        using var scope = NewDisposeScope();
        var (rising, falling) = Halves(noisy);
        var (fromRising, fromFalling) = Denoised(network, rising, falling);
        var others = counts.OneMinus();
        return Sum(rising, fromFalling, others).Plus(Sum(falling, fromRising, others)).Times(0.5).div(Samples(noisy, others)).MoveToOuterDisposeScope();
    }

    private static (Tensor First, Tensor Second) Denoised(ZeroShotNetwork network, Tensor first, Tensor second)
    {
        var both = network.Predict(cat([first, second], 0));
        return (both.narrow(0, 0, first.shape[0]), both.narrow(0, first.shape[0], first.shape[0]));
    }

    private static Tensor Sum(Tensor a, Tensor b, Tensor counts) => ((a - b).Squared() * counts).sum();

    private static Tensor Samples(Tensor noisy, Tensor counts) => counts.sum().Times(noisy.shape[1]).clamp_min(Arithmetic.One);
}
