using Grainy.Core.Metrics.Ssim;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>
/// The Gaussian window of SSIM and its formula for tensors, with exactly the definition of <see cref="SsimWindow"/>; in float64, because variances are differences
/// of nearly equal numbers.
/// </summary>
internal sealed class SsimFilter : IDisposable
{
    private const double Sigma = 1.5;

    private static readonly Scalar C1 = SsimWindow.C1;
    private static readonly Scalar C2 = SsimWindow.C2;
    private readonly Tensor _column; // [1, 1, 11, 1]
    private readonly Tensor _row;

    public SsimFilter()
    {
        var weights = Enumerable.Range(-(SsimWindow.Side / 2), SsimWindow.Side).Select(offset => Math.Exp(-offset * offset / (2 * Sigma * Sigma))).ToArray();
        var sum = weights.Sum();
        using var scope = NewDisposeScope();
        _column = tensor(weights.Select(weight => weight / sum).ToArray(), [1, 1, SsimWindow.Side, 1]).DetachFromDisposeScope();
        _row = _column.transpose(2, 3).contiguous().DetachFromDisposeScope();
    }

    /// <summary>Local means and variances of planes; the caller owns them.</summary>
    public (Tensor Mean, Tensor Variance) Moments(Tensor planes)
    {
        using var scope = NewDisposeScope();
        var mean = Mean(planes);
        return scope.MoveToOuter(mean, Mean(planes.Squared()) - mean.Squared());
    }

    /// <summary>Contrast-and-structure term and whole similarity at every place where the window lies inside.</summary>
    /// <param name="x">Planes <c>[N, 1, H, W]</c>, float64; borrowed.</param>
    /// <param name="y">Planes of the reference; borrowed.</param>
    /// <param name="meanY">Of <see cref="Moments"/>; borrowed.</param>
    /// <param name="varianceY">Of <see cref="Moments"/>; borrowed.</param>
    /// <returns><c>[N, 1, H − 10, W − 10]</c> each; the caller owns them.</returns>
    public (Tensor Contrast, Tensor Similarity) Compare(Tensor x, Tensor y, Tensor meanY, Tensor varianceY)
    {
        using var scope = NewDisposeScope();
        var (mean, variance) = Moments(x);
        var product = mean * meanY;
        var covariance = Mean(x * y) - product;
        var contrast = covariance.Times(2).add(C2, Arithmetic.One) / variance.Plus(varianceY).add(C2, Arithmetic.One);
        var luminance = product.Times(2).add(C1, Arithmetic.One) / mean.Squared().Plus(meanY.Squared()).add(C1, Arithmetic.One);
        return scope.MoveToOuter(contrast, contrast * luminance);
    }

    /// <summary><c>[1, C, H, W]</c> as float64 planes <c>[C, 1, H, W]</c>; the caller owns it.</summary>
    public static Tensor Planes(Tensor image)
    {
        using var scope = NewDisposeScope();
        return image.to(float64).reshape(-1, 1, image.shape[2], image.shape[3]).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the window.</summary>
    public void Dispose()
    {
        _column.Dispose();
        _row.Dispose();
    }

    private Tensor Mean(Tensor planes)
    {
        using var scope = NewDisposeScope();
        return nn.functional.conv2d(nn.functional.conv2d(planes, _column), _row).MoveToOuterDisposeScope();
    }
}
