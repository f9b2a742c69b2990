using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>One symmetric 3×3 matrix per pixel, entry by entry, each <c>[P]</c>. Borrowed by whoever holds it.</summary>
internal sealed record Covariance3(Tensor S00, Tensor S01, Tensor S02, Tensor S11, Tensor S12, Tensor S22)
{
    /// <summary>Σ = AAᵀ of the upper triangle A in rows 3…8 of a prediction (section 2.3 of the specification; the authors' code, not their comment).</summary>
    public static Covariance3 OfFactor(Tensor[] p)
    {
        var (a0, a1, a2, a3, a4, a5) = (p[3], p[4], p[5], p[6], p[7], p[8]);
        return new Covariance3(
            a0.Squared().Plus(a1.Squared()).Plus(a2.Squared()),
            (a1 * a3).Plus(a2 * a4),
            a2 * a5,
            a3.Squared().Plus(a4.Squared()),
            a4 * a5,
            a5.Squared());
    }

    /// <summary>Σ = diag(a²) with a in rows 3…5 of a prediction.</summary>
    public static Covariance3 OfDiagonal(Tensor[] p)
    {
        var none = zeros_like(p[3], requires_grad: false);
        return new Covariance3(p[3].Squared(), none, none, p[4].Squared(), none, p[5].Squared());
    }

    /// <summary>Σ plus a diagonal.</summary>
    public Covariance3 Plus(Tensor[] diagonal) =>
        this with { S00 = S00.Plus(diagonal[0]), S11 = S11.Plus(diagonal[1]), S22 = S22.Plus(diagonal[2]) };

    /// <summary>w·Σ + o·vvᵀ, with one w and one o for all pixels (tensors without axes or <c>[P]</c>).</summary>
    public Covariance3 Mixed(Tensor w, Tensor o, Tensor[] v) => new(
        (w * S00).Plus(o * v[0] * v[0]), (w * S01).Plus(o * v[0] * v[1]), (w * S02).Plus(o * v[0] * v[2]),
        (w * S11).Plus(o * v[1] * v[1]), (w * S12).Plus(o * v[1] * v[2]), (w * S22).Plus(o * v[2] * v[2]));

    /// <summary>
    /// Σ = L D Lᵀ in closed form. Each pivot of D is at least the diagonal part that is known to be in Σ; holding it there keeps the logarithm finite when rounding
    /// eats a difference of large numbers.
    /// </summary>
    /// <param name="least">What each pivot is at least, three of <c>[P]</c>; already part of the matrix.</param>
    public CovarianceFactor Factor(Tensor[] least)
    {
        var d0 = S00; // a sum of squares and of what is added to it: nothing cancels
        var (l10, l20) = (S01 / d0, S02 / d0);
        var d1 = (S11 - l10 * S01).maximum(least[1]);
        var t = S12 - l10 * S02;
        var l21 = t / d1;
        var d2 = (S22 - l20 * S02 - l21 * t).maximum(least[2]);
        return new CovarianceFactor(d0, d1, d2, l10, l20, l21);
    }
}
