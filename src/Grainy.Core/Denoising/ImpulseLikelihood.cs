using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>
/// Gaussian prediction of a clean pixel met with impulses: with probability α all channels of the pixel are replaced by uniform numbers in [0, 1] (Laine et al. 2019,
/// appendix, for RGB; for grey the same moments with one channel, which the paper does not treat).
/// </summary>
internal static class ImpulseLikelihood
{
    private static readonly Scalar LeastDeterminant = 1e-9;
    private static readonly double LogTwoPi = Math.Log(2 * Math.PI);
    private const double Ridge = 1e-6;

    /// <summary>
    /// Mean over pixels of dᵀΣ⁻¹d + log max(10⁻⁹, det Σ) with the moments of what is observed: μy = α/2 + (1−α)μx and, rearranged so that nothing cancels,
    /// Σy = (1−α)(Σx + 10⁻⁶I) + α/12·I + α(1−α)(½−μx)(½−μx)ᵀ.
    /// </summary>
    /// <param name="prediction"><c>[9 or 6 or 2, P]</c>.</param>
    /// <param name="observed">y: <c>[3 or 1, P]</c>.</param>
    /// <param name="share">α: <c>[1]</c> or <c>[P]</c>, in (0, 1).</param>
    public static Tensor Loss(Tensor prediction, Tensor observed, Tensor share)
    {
        var channels = Require(prediction, observed);
        using var scope = NewDisposeScope();
        var keep = share.OneMinus();
        var mean = prediction.narrow(0, 0, channels);
        var away = mean.negative().Plus(0.5); // ½ − μ
        var difference = observed - mean - share * away;
        var (floor, spread) = (share.Times(1 / 12.0), share * keep);
        if (channels == 1)
        {
            var variance = (keep * Own(prediction, channels)).Plus(floor).Plus(spread * away.Squared());
            return (difference.Squared() / variance).Plus(variance.clamp_min(LeastDeterminant).log()).mean().MoveToOuterDisposeScope();
        }

        // The least eigenvalue is at least the share's uniform part.
        Tensor[] floors = [.. Enumerable.Repeat(floor.expand(observed.shape[1]), 3)];
        var factor = Clean(prediction).Mixed(keep, spread, away.unbind(0)).Plus(floors).Factor(floors);
        var determinant = (factor.D0 * factor.D1 * factor.D2).clamp_min(LeastDeterminant);
        return factor.Quadratic(difference.unbind(0)).Plus(determinant.log()).mean().MoveToOuterDisposeScope();
    }

    /// <summary>(α μx + h y) / (α + h) with h = (1−α) N(y; μx, Σx + 10⁻⁶I): the observation where it is likely, else what the surroundings say.</summary>
    /// <returns>Like <paramref name="observed"/>. The caller owns it.</returns>
    public static Tensor PosteriorMean(Tensor prediction, Tensor observed, Tensor share)
    {
        var channels = Require(prediction, observed);
        using var scope = NewDisposeScope();
        var mean = prediction.narrow(0, 0, channels);
        return mean.Plus(Trust(prediction, observed, share, channels) * (observed - mean)).MoveToOuterDisposeScope();
    }

    /// <summary>Variance of each channel of the mixture of "observed exactly" with weight w and "as predicted" with 1−w: (1−w)Σx + w(1−w)(y−μ)².</summary>
    /// <returns>Like <paramref name="observed"/>. The caller owns it.</returns>
    public static Tensor PosteriorVariance(Tensor prediction, Tensor observed, Tensor share)
    {
        var channels = Require(prediction, observed);
        using var scope = NewDisposeScope();
        var trust = Trust(prediction, observed, share, channels);
        var doubt = trust.OneMinus();
        var difference = observed - prediction.narrow(0, 0, channels);
        return (doubt * Own(prediction, channels)).Plus(trust * doubt * difference.Squared()).MoveToOuterDisposeScope();
    }

    // Probability that the pixel was not replaced, [P]: h / (α + h) by logarithms, so that nothing overflows.
    private static Tensor Trust(Tensor prediction, Tensor observed, Tensor share, int channels)
    {
        var difference = observed - prediction.narrow(0, 0, channels);
        var (quadratic, determinant) = channels == 1 ? One() : Three();
        var logDensity = quadratic.Plus(determinant.clamp_min(LeastDeterminant).log()).Plus(channels * LogTwoPi).Times(-0.5);
        return logDensity.Plus(share.OneMinus().log() - share.log()).sigmoid();

        (Tensor, Tensor) One()
        {
            var variance = Own(prediction, channels).squeeze(0);
            return (difference.squeeze(0).Squared() / variance, variance);
        }

        (Tensor, Tensor) Three()
        {
            using Scalar ridge = Ridge;
            Tensor[] least = [.. Enumerable.Repeat(full_like(difference.select(0, 0), ridge), 3)];
            var factor = Clean(prediction).Factor(least);
            return (factor.Quadratic(difference.unbind(0)), factor.D0 * factor.D1 * factor.D2);
        }
    }

    // Σx + 10⁻⁶I.
    private static Covariance3 Clean(Tensor prediction)
    {
        var p = prediction.unbind(0);
        using Scalar ridge = Ridge;
        Tensor[] least = [.. Enumerable.Repeat(full_like(p[0], ridge, requires_grad: false), 3)];
        return (p.Length == 9 ? Covariance3.OfFactor(p) : Covariance3.OfDiagonal(p)).Plus(least);
    }

    // The diagonal of Σx + 10⁻⁶I, [C, P].
    private static Tensor Own(Tensor prediction, int channels)
    {
        if (prediction.shape[0] != 9)
        {
            return prediction.narrow(0, channels, channels).Squared().Plus(Ridge);
        }

        var clean = Clean(prediction);
        return stack([clean.S00, clean.S11, clean.S22], 0);
    }

    private static int Require(Tensor prediction, Tensor observed) => PixelColumns.Require(prediction, observed, observed);
}
