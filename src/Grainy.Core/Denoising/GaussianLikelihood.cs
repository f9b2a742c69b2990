using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>
/// Gaussian prediction of a clean pixel met with Gaussian noise of known strength (Laine et al. 2019, section 3.1): the negative log marginal likelihood of
/// what was observed, and the mean of the clean pixel given both. Works on <c>[9 or 2, P]</c>, one column per pixel.
/// </summary>
internal static class GaussianLikelihood
{
    /// <summary>Puts a prediction <c>[N, K, H, W]</c> or an image into columns <c>[K, N·H·W]</c> of <paramref name="type"/>.</summary>
    public static Tensor Columns(Tensor x, ScalarType type)
    {
        var shape = x.Require("N K H W");
        using var scope = NewDisposeScope();
        return x.permute(1, 0, 2, 3).reshape(shape[1], -1).to(type).contiguous().MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean over pixels of ½ dᵀΣ⁻¹d + ½ log det Σ with d = y − μ, Σ = AAᵀ + σ²I (RGB), or of d²/s + log s with s = a² + σ² (grey; without the ½, as in the
    /// reference).
    /// </summary>
    /// <param name="prediction"><c>[9, P]</c> or <c>[2, P]</c>.</param>
    /// <param name="observed"><c>[3, P]</c> or <c>[1, P]</c>.</param>
    /// <param name="noiseVariance">σ² per pixel <c>[P]</c>, positive.</param>
    public static Tensor Loss(Tensor prediction, Tensor observed, Tensor noiseVariance)
    {
        RequireColumns(prediction, observed, noiseVariance);
        using var scope = NewDisposeScope();
        var p = prediction.unbind(0);
        var y = observed.unbind(0);
        if (p.Length == 2)
        {
            var variance = p[1].Squared().Plus(noiseVariance);
            return ((y[0] - p[0]).Squared() / variance).Plus(variance.log()).mean().MoveToOuterDisposeScope();
        }

        var factor = Ldl.Of(p, noiseVariance);
        var (e0, e1, e2) = factor.ForwardSolve(y[0] - p[0], y[1] - p[1], y[2] - p[2]);
        var quadratic = (e0.Squared() / factor.D0).Plus(e1.Squared() / factor.D1).Plus(e2.Squared() / factor.D2);
        var logDeterminant = factor.D0.log().Plus(factor.D1.log()).Plus(factor.D2.log());
        return quadratic.Plus(logDeterminant).mean().Times(0.5).MoveToOuterDisposeScope();
    }

    /// <summary>
    /// Mean of the clean pixel given context and observation: μ + Σx (Σx + σ²I)⁻¹ (y − μ), written as y − σ² (Σx + σ²I)⁻¹ (y − μ), which is the same and keeps
    /// its precision for very small noise and for very sure predictions alike.
    /// </summary>
    /// <param name="prediction"><c>[9, P]</c> or <c>[2, P]</c>.</param>
    /// <param name="observed"><c>[3, P]</c> or <c>[1, P]</c>.</param>
    /// <param name="noiseVariance">σ² per pixel <c>[P]</c>, positive.</param>
    /// <returns>Like <paramref name="observed"/>. The caller owns it.</returns>
    public static Tensor PosteriorMean(Tensor prediction, Tensor observed, Tensor noiseVariance)
    {
        RequireColumns(prediction, observed, noiseVariance);
        using var scope = NewDisposeScope();
        var p = prediction.unbind(0);
        var y = observed.unbind(0);
        if (p.Length == 2)
        {
            return (y[0] - noiseVariance / p[1].Squared().Plus(noiseVariance) * (y[0] - p[0])).unsqueeze(0).MoveToOuterDisposeScope();
        }

        var factor = Ldl.Of(p, noiseVariance);
        var (g0, g1, g2) = factor.Solve(y[0] - p[0], y[1] - p[1], y[2] - p[2]);
        return stack([y[0] - noiseVariance * g0, y[1] - noiseVariance * g1, y[2] - noiseVariance * g2], 0).MoveToOuterDisposeScope();
    }

    private static void RequireColumns(Tensor prediction, Tensor observed, Tensor noiseVariance)
    {
        var outputs = prediction.Require("K P")[0];
        if (outputs is not (9 or 2))
        {
            throw new ArgumentException($"A prediction has 9 or 2 channels, not {outputs}.", nameof(prediction));
        }

        observed.Require($"{(outputs == 9 ? 3 : 1)} {prediction.shape[1]}");
        noiseVariance.Require($"{prediction.shape[1]}");
    }

    /// <summary>
    /// Σ = AAᵀ + σ²I = L D Lᵀ in closed form, per pixel. Each pivot of D is at least σ² in exact arithmetic; holding it there keeps the logarithm finite when
    /// rounding eats a difference of large numbers.
    /// </summary>
    private sealed record Ldl(Tensor D0, Tensor D1, Tensor D2, Tensor L10, Tensor L20, Tensor L21)
    {
        public static Ldl Of(Tensor[] p, Tensor noiseVariance)
        {
            var (a0, a1, a2, a3, a4, a5) = (p[3], p[4], p[5], p[6], p[7], p[8]);
            var d0 = a0.Squared().Plus(a1.Squared()).Plus(a2.Squared()).Plus(noiseVariance);
            var s01 = (a1 * a3).Plus(a2 * a4);
            var s02 = a2 * a5;
            var s12 = a4 * a5;
            var l10 = s01 / d0;
            var l20 = s02 / d0;
            var d1 = (a3.Squared().Plus(a4.Squared()).Plus(noiseVariance) - l10 * s01).maximum(noiseVariance);
            var t = s12 - l10 * s02;
            var l21 = t / d1;
            var d2 = (a5.Squared().Plus(noiseVariance) - l20 * s02 - l21 * t).maximum(noiseVariance);
            return new Ldl(d0, d1, d2, l10, l20, l21);
        }

        /// <summary>L⁻¹ x.</summary>
        public (Tensor, Tensor, Tensor) ForwardSolve(Tensor x0, Tensor x1, Tensor x2)
        {
            var e1 = x1 - L10 * x0;
            return (x0, e1, x2 - L20 * x0 - L21 * e1);
        }

        /// <summary>Σ⁻¹ x.</summary>
        public (Tensor, Tensor, Tensor) Solve(Tensor x0, Tensor x1, Tensor x2)
        {
            var (e0, e1, e2) = ForwardSolve(x0, x1, x2);
            var g2 = e2 / D2;
            var g1 = e1 / D1 - L21 * g2;
            return (e0 / D0 - L10 * g1 - L20 * g2, g1, g2);
        }
    }
}
