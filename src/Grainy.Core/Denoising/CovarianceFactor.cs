using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>Σ = L D Lᵀ per pixel: D the pivots, L unit lower triangular; each entry <c>[P]</c>.</summary>
internal sealed record CovarianceFactor(Tensor D0, Tensor D1, Tensor D2, Tensor L10, Tensor L20, Tensor L21)
{
    /// <summary>log det Σ.</summary>
    public Tensor LogDeterminant() => D0.log().Plus(D1.log()).Plus(D2.log());

    /// <summary>xᵀ Σ⁻¹ x.</summary>
    public Tensor Quadratic(Tensor[] x)
    {
        var (e0, e1, e2) = ForwardSolve(x);
        return (e0.Squared() / D0).Plus(e1.Squared() / D1).Plus(e2.Squared() / D2);
    }

    /// <summary>Σ⁻¹ x.</summary>
    public Tensor[] Solve(Tensor[] x)
    {
        var (e0, e1, e2) = ForwardSolve(x);
        var g2 = e2 / D2;
        var g1 = e1 / D1 - L21 * g2;
        return [e0 / D0 - L10 * g1 - L20 * g2, g1, g2];
    }

    /// <summary>The diagonal of Σ⁻¹ = L⁻ᵀ D⁻¹ L⁻¹.</summary>
    public Tensor[] InverseDiagonal()
    {
        var corner = L10 * L21 - L20;
        return
        [
            D0.reciprocal().Plus(L10.Squared() / D1).Plus(corner.Squared() / D2),
            D1.reciprocal().Plus(L21.Squared() / D2),
            D2.reciprocal(),
        ];
    }

    // L⁻¹ x.
    private (Tensor, Tensor, Tensor) ForwardSolve(Tensor[] x)
    {
        var e1 = x[1] - L10 * x[0];
        return (x[0], e1, x[2] - L20 * x[0] - L21 * e1);
    }
}
