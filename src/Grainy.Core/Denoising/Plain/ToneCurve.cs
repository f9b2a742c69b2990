using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising.Plain;

/// <summary>
/// T(v) = (v / (1 + v))^(1/2.2) for v ≥ 0, else 0: brings long-tailed radiance into a range that a network can look at (Lehtinen et al. 2018, section 3.3).
/// Applied to inputs only; targets and results stay linear, or their mean would be another.
/// </summary>
internal static class ToneCurve
{
    private static readonly Scalar Gamma = 1 / 2.2;

    /// <summary>The tone-mapped copy, same shape. The caller owns it.</summary>
    public static Tensor Apply(Tensor radiance)
    {
        using var scope = NewDisposeScope();
        var positive = radiance.clamp_min(Arithmetic.Zero);
        return (positive / positive.add(Arithmetic.One, Arithmetic.One)).pow(Gamma).MoveToOuterDisposeScope();
    }
}
