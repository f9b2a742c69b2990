namespace Grainy.Core.Tests.Denoising;

/// <summary>
/// Sections 2.3 to 2.6 of the method for one pixel of any number of channels, literally: matrices as arrays, Gauss-Jordan elimination, the information form of the
/// posterior, the impulse moments as they are printed. Another way than the program's in every step.
/// </summary>
internal sealed record PixelFormulas(double[] Prediction, double[] Observed, double[] Noise, double[] Spread)
{
    private int Channels => Observed.Length;

    private double[] Mean => Prediction[..Channels];

    private double Half => Channels == 1 ? 1 : 0.5;

    public double Loss() => Half * (Quadratic(Total(), Difference()) + Math.Log(Matrices.Determinant(Total())));

    public double ExpectedLoss()
    {
        var inverse = Matrices.Inverse(Total());
        return Loss() + (Half * Enumerable.Range(0, Channels).Sum(c => inverse[c, c] * Spread[c]));
    }

    public double[] PosteriorMean()
    {
        var clean = Matrices.Inverse(CleanCovariance());
        var right = Matrices.Times(clean, Mean).Select((value, c) => value + (Observed[c] / Noise[c])).ToArray();
        return Matrices.Times(PosteriorCovariance(), right);
    }

    public double[] PosteriorVariance()
    {
        var covariance = PosteriorCovariance();
        return [.. Enumerable.Range(0, Channels).Select(c => covariance[c, c])];
    }

    /// <summary>μy = α/2 + (1−α)μx; Σy = α(¼·11ᵀ + I/12) + (1−α)(Σx + μxμxᵀ) − μyμyᵀ, with Σx + 10⁻⁶·I.</summary>
    public double ImpulseLoss(double alpha)
    {
        var (clean, mean) = (Matrices.PlusDiagonal(CleanCovariance(), 1e-6), Mean);
        double[] moment = [.. mean.Select(value => (alpha / 2) + ((1 - alpha) * value))];
        var covariance = new double[Channels, Channels];
        for (var i = 0; i < Channels; i++)
        {
            for (var j = 0; j < Channels; j++)
            {
                covariance[i, j] = (alpha * (0.25 + (i == j ? 1 / 12.0 : 0))) + ((1 - alpha) * (clean[i, j] + (mean[i] * mean[j]))) - (moment[i] * moment[j]);
            }
        }

        double[] difference = [.. Observed.Select((value, c) => value - moment[c])];
        return Quadratic(covariance, difference) + Math.Log(Math.Max(1e-9, Matrices.Determinant(covariance)));
    }

    /// <summary>(α μx + h y) / (α + h) with h = (1−α) N(y; μx, Σx + 10⁻⁶·I).</summary>
    public double[] ImpulsePosteriorMean(double alpha)
    {
        var h = ImpulseWeight(alpha);
        return [.. Mean.Select((value, c) => ((alpha * value) + (h * Observed[c])) / (alpha + h))];
    }

    /// <summary>E[x²] − E[x]² of the mixture: x = y with h, x ~ N(μx, Σx) with α.</summary>
    public double[] ImpulsePosteriorVariance(double alpha)
    {
        var (h, clean, mean) = (ImpulseWeight(alpha), Matrices.PlusDiagonal(CleanCovariance(), 1e-6), ImpulsePosteriorMean(alpha));
        return [.. Enumerable.Range(0, Channels).Select(c =>
            (((alpha * (clean[c, c] + (Mean[c] * Mean[c]))) + (h * Observed[c] * Observed[c])) / (alpha + h)) - (mean[c] * mean[c]))];
    }

    private double ImpulseWeight(double alpha)
    {
        var clean = Matrices.PlusDiagonal(CleanCovariance(), 1e-6);
        return (1 - alpha) * Math.Exp(-0.5 * Quadratic(clean, Difference()))
            / Math.Sqrt(Math.Pow(2 * Math.PI, Channels) * Math.Max(1e-9, Matrices.Determinant(clean)));
    }

    private double[,] PosteriorCovariance()
    {
        var sum = Matrices.Inverse(CleanCovariance());
        for (var c = 0; c < Channels; c++)
        {
            sum[c, c] += 1 / Noise[c];
        }

        return Matrices.Inverse(sum);
    }

    private double[,] CleanCovariance()
    {
        if (Prediction.Length == 2 * Channels)
        {
            var diagonal = new double[Channels, Channels];
            for (var c = 0; c < Channels; c++)
            {
                diagonal[c, c] = Math.Pow(Prediction[Channels + c], 2);
            }

            return diagonal;
        }

        var p = Prediction;
        double[,] factor = { { p[3], p[4], p[5] }, { 0, p[6], p[7] }, { 0, 0, p[8] } };
        return Matrices.TimesTransposed(factor);
    }

    private double[,] Total()
    {
        var total = CleanCovariance();
        for (var c = 0; c < Channels; c++)
        {
            total[c, c] += Noise[c];
        }

        return total;
    }

    private double[] Difference() => [.. Observed.Select((value, c) => value - Mean[c])];

    private static double Quadratic(double[,] covariance, double[] x) => Matrices.Times(Matrices.Inverse(covariance), x).Zip(x, (a, b) => a * b).Sum();
}
