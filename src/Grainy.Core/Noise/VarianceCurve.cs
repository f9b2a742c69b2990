namespace Grainy.Core.Noise;

/// <summary>Variance of the noise against the signal, and the line Var(y) = A·E(y) + B through it (Foi et al. 2008, simplified; or photon transfer).</summary>
/// <param name="Bins">In order of the mean.</param>
/// <param name="A">Slope, on the image's own scale: 1 / A is the number of counts at value 1.</param>
/// <param name="AError">Standard error of the slope, including the scatter of the bins about the line.</param>
/// <param name="B">Intercept.</param>
/// <param name="BError">Standard error of the intercept.</param>
/// <param name="RSquared">Share of the bins' weighted variance that the line explains; near 0 for noise of constant strength, which is no flaw.</param>
/// <param name="Scatter">Root mean square of the bins' relative distance from the line; above 0.25 the line does not describe the noise.</param>
public sealed record VarianceCurve(IReadOnlyList<VarianceBin> Bins, double A, double AError, double B, double BError, double RSquared, double Scatter)
{
    /// <summary>Half the width of a 95 % interval in standard errors.</summary>
    private const double HalfWidth = 1.96;

    /// <summary>95 % interval of <see cref="A"/>.</summary>
    public (double Low, double High) AInterval => (A - (HalfWidth * AError), A + (HalfWidth * AError));

    /// <summary>95 % interval of <see cref="B"/>.</summary>
    public (double Low, double High) BInterval => (B - (HalfWidth * BError), B + (HalfWidth * BError));

    /// <summary>
    /// The signal at which the line has no variance left, where that lies above 0 beyond doubt (4 standard errors, one false alarm in 30,000): a black level
    /// that was not subtracted. Otherwise null.
    /// </summary>
    public double? BlackLevel => A > 4 * AError && B < -4 * BError ? -B / A : null;

    /// <summary>Mean of the bins' means, each with the weight of its samples.</summary>
    public double MeanSignal => Bins.Sum(bin => bin.Mean * bin.Samples) / Bins.Sum(bin => (double)bin.Samples);

    /// <summary>Variance at the mean signal.</summary>
    public double MeanVariance => (A * MeanSignal) + B;
}

/// <summary>Samples of like brightness.</summary>
/// <param name="Mean">Mean signal.</param>
/// <param name="Variance">Variance of the noise.</param>
/// <param name="StandardError">Of the variance.</param>
/// <param name="Samples">Behind it.</param>
public sealed record VarianceBin(double Mean, double Variance, double StandardError, int Samples);
