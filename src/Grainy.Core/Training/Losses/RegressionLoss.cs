using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Losses;

/// <summary>The losses of Noise2Noise (Lehtinen et al. 2018, sections 2 and 3). Tensors are borrowed, results are the caller's.</summary>
internal static class RegressionLoss
{
    private static readonly Scalar Small = 1e-8;
    private static readonly Scalar Hundredth = 0.01;

    /// <summary>The mean loss over all samples that count, a scalar.</summary>
    /// <param name="name">One of <see cref="RegressionLosses"/>.</param>
    /// <param name="estimate">What the network says, any shape.</param>
    /// <param name="target">The other exposure, or the clean image, of the same shape.</param>
    /// <param name="valid">1 where the target's sample is there and 0 where it is missing, for <see cref="RegressionLosses.MaskedL2"/>; otherwise null.</param>
    /// <param name="fraction">Share of the run that is done, in [0, 1]; sets γ of <see cref="RegressionLosses.AnnealedL0"/>.</param>
    public static Tensor Mean(string name, Tensor estimate, Tensor target, Tensor? valid, double fraction)
    {
        using var scope = NewDisposeScope();
        var difference = estimate - target;
        return (name switch
        {
            RegressionLosses.L2 => difference.Squared().mean(),
            RegressionLosses.L1 => difference.abs().mean(),
            RegressionLosses.AnnealedL0 => Power(difference, Exponent(fraction)),
            RegressionLosses.MaskedL2 => Masked(difference, valid ?? throw new ArgumentNullException(nameof(valid), "Masked L2 needs a mask.")),
            RegressionLosses.Hdr => Relative(difference, estimate),
            _ => throw new ArgumentException($"There is no loss '{name}'; choose {string.Join(", ", RegressionLosses.All)}.", nameof(name)),
        }).MoveToOuterDisposeScope();
    }

    /// <summary>γ of the annealed loss: from 2 straight down to 0.</summary>
    public static double Exponent(double fraction) => 2 * (1 - Math.Clamp(fraction, 0, 1));

    private static Tensor Power(Tensor difference, double exponent)
    {
        using Scalar power = exponent;
        return difference.abs().add(Small, Arithmetic.One).pow(power).mean();
    }

    // Radiance is not negative; where an estimate is, the paper's weight 1 / (f + 0.01)² would grow without bound.
    private static Tensor Relative(Tensor difference, Tensor estimate) =>
        (difference.Squared() / estimate.detach().clamp_min(Arithmetic.Zero).add(Hundredth, Arithmetic.One).Squared()).mean();

    // Divided by the number of samples that count, so that the size of a step does not depend on how many are missing.
    private static Tensor Masked(Tensor difference, Tensor valid) =>
        (difference * valid).Squared().sum() / valid.sum().clamp_min(Arithmetic.One);
}
