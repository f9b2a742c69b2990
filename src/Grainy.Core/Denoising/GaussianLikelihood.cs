using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>
/// Gaussian prediction of a clean pixel met with noise that is independent between channels and near enough to Gaussian (Laine et al. 2019, section 3.1): the
/// negative log marginal likelihood of what was observed, and mean and variance of the clean pixel given both. Predictions are <c>[9, P]</c> (RGB, full covariance),
/// <c>[6, P]</c> (RGB, diagonal) or <c>[2, P]</c> (grey), one column per pixel; noise variances <c>[P]</c> or one row per channel.
/// </summary>
internal static class GaussianLikelihood
{
    /// <summary>
    /// Mean over pixels of ½ dᵀΣ⁻¹d + ½ log det Σ with d = y − μ, Σ = Σx + diag(n) (RGB), or of d²/s + log s with s = a² + n (grey; without the ½, as in the
    /// reference).
    /// </summary>
    /// <param name="prediction"><c>[9 or 6 or 2, P]</c>.</param>
    /// <param name="observed">y: <c>[3 or 1, P]</c>.</param>
    /// <param name="noiseVariance">n, positive.</param>
    public static Tensor Loss(Tensor prediction, Tensor observed, Tensor noiseVariance) => Loss(prediction, observed, null, noiseVariance);

    /// <summary>
    /// The expectation of <see cref="Loss(Tensor, Tensor, Tensor)"/> over the noise of the pixel itself, whose clean value is known: the same minimum with less chance
    /// in its gradient. E[dᵀΣ⁻¹d] = (x − μ)ᵀΣ⁻¹(x − μ) + tr(Σ⁻¹ diag(v)).
    /// </summary>
    /// <param name="prediction"><c>[9 or 6 or 2, P]</c>.</param>
    /// <param name="clean">x: <c>[3 or 1, P]</c>.</param>
    /// <param name="trueVariance">v, of the noise that was drawn: <c>[P]</c> or like <paramref name="clean"/>.</param>
    /// <param name="noiseVariance">n, which the model assumes, positive.</param>
    public static Tensor ExpectedLoss(Tensor prediction, Tensor clean, Tensor trueVariance, Tensor noiseVariance) =>
        Loss(prediction, clean, trueVariance, noiseVariance);

    /// <summary>
    /// Mean of the clean pixel given context and observation: μ + Σx (Σx + N)⁻¹ (y − μ), written as y − N (Σx + N)⁻¹ (y − μ), which is the same and keeps
    /// its precision for very small noise and for very sure predictions alike.
    /// </summary>
    /// <returns>Like <paramref name="observed"/>. The caller owns it.</returns>
    public static Tensor PosteriorMean(Tensor prediction, Tensor observed, Tensor noiseVariance)
    {
        var channels = PixelColumns.Require(prediction, observed, noiseVariance);
        using var scope = NewDisposeScope();
        if (prediction.shape[0] != 9)
        {
            var (mean, own) = Diagonal(prediction, channels);
            return (observed - noiseVariance / own.Plus(noiseVariance) * (observed - mean)).MoveToOuterDisposeScope();
        }

        var (p, y, n) = (prediction.unbind(0), observed.unbind(0), PixelColumns.Rows(noiseVariance, channels));
        var g = Covariance3.OfFactor(p).Plus(n).Factor(n).Solve(PixelColumns.Minus(y, p));
        return stack([y[0] - n[0] * g[0], y[1] - n[1] * g[1], y[2] - n[2] * g[2]], 0).MoveToOuterDisposeScope();
    }

    /// <summary>Variance of each channel of the clean pixel given context and observation: the diagonal of N − N (Σx + N)⁻¹ N.</summary>
    /// <param name="prediction"><c>[9 or 6 or 2, P]</c>.</param>
    /// <param name="noiseVariance">n, positive.</param>
    /// <returns><c>[3 or 1, P]</c>, not negative. The caller owns it.</returns>
    public static Tensor PosteriorVariance(Tensor prediction, Tensor noiseVariance)
    {
        using var scope = NewDisposeScope();
        var channels = prediction.shape[0] == 2 ? 1 : 3;
        PixelColumns.Require(prediction, prediction.narrow(0, 0, channels), noiseVariance);
        if (prediction.shape[0] != 9)
        {
            var own = Diagonal(prediction, channels).Own;
            return (own * noiseVariance / own.Plus(noiseVariance)).MoveToOuterDisposeScope();
        }

        var n = PixelColumns.Rows(noiseVariance, channels);
        var inverse = Covariance3.OfFactor(prediction.unbind(0)).Plus(n).Factor(n).InverseDiagonal();
        return stack([.. inverse.Select((entry, c) => n[c] - n[c] * n[c] * entry)], 0).clamp_min_(Arithmetic.Zero).MoveToOuterDisposeScope();
    }

    private static Tensor Loss(Tensor prediction, Tensor observed, Tensor? spread, Tensor noiseVariance)
    {
        var channels = PixelColumns.Require(prediction, observed, noiseVariance);
        using var scope = NewDisposeScope();
        if (VectorLikelihood.Suits(prediction, observed, spread, noiseVariance) && !observed.requires_grad && spread is not { requires_grad: true })
        {
            Tensor?[] inputs = [prediction.contiguous(), noiseVariance.contiguous(), observed.contiguous(), spread?.contiguous()];
            return LikelihoodFunction.apply([.. inputs.OfType<Tensor>()]).MoveToOuterDisposeScope();
        }

        if (prediction.shape[0] != 9)
        {
            var (mean, own) = Diagonal(prediction, channels);
            var variance = own.Plus(noiseVariance);
            var squares = (observed - mean).Squared();
            var each = ((spread is null ? squares : squares.Plus(spread)) / variance).Plus(variance.log()).sum([0]).mean();
            return each.Times(channels == 1 ? 1 : 0.5).MoveToOuterDisposeScope();
        }

        var (p, y, n) = (prediction.unbind(0), observed.unbind(0), PixelColumns.Rows(noiseVariance, channels));
        var factor = Covariance3.OfFactor(p).Plus(n).Factor(n);
        var quadratic = factor.Quadratic(PixelColumns.Minus(y, p));
        if (spread is not null)
        {
            var (inverse, v) = (factor.InverseDiagonal(), PixelColumns.Rows(spread, channels));
            quadratic = quadratic.Plus(inverse[0] * v[0]).Plus(inverse[1] * v[1]).Plus(inverse[2] * v[2]);
        }

        return quadratic.Plus(factor.LogDeterminant()).mean().Times(0.5).MoveToOuterDisposeScope();
    }

    // Mean and own variance of a prediction without covariances, each [C, P].
    private static (Tensor Mean, Tensor Own) Diagonal(Tensor prediction, int channels) =>
        (prediction.narrow(0, 0, channels), prediction.narrow(0, channels, channels).Squared());
}
