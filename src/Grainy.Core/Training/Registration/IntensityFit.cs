namespace Grainy.Core.Training.Registration;

/// <summary>Straight lines through pairs of means that both carry noise.</summary>
internal static class IntensityFit
{
    /// <summary>
    /// b ≈ gain · a + offset with equal noise in both (Deming 1943). Where the points' scatter does not determine a slope, the gain is 1.
    /// </summary>
    public static (double Gain, double Offset) Line(double[] a, double[] b)
    {
        var (meanA, meanB, aa, ab, bb) = Moments(a, b);
        // The share of the variance that both have in common: below it the slope says more of noise than of light.
        if (!(ab > 0.5 * Math.Sqrt(aa * bb)) || ab <= 0)
        {
            return (1, meanB - meanA);
        }

        var gain = (bb - aa + Math.Sqrt(((bb - aa) * (bb - aa)) + (4 * ab * ab))) / (2 * ab);
        // Standard error of the slope, from the points' distance from the line; a gain that is 1 within it is 1.
        var rest = Math.Max(0, bb - (2 * gain * ab) + (gain * gain * aa)) / (1 + (gain * gain));
        var error = Math.Sqrt((1 + (gain * gain)) * rest / (ab / gain) / a.Length);
        gain = Math.Abs(gain - 1) < 3 * error ? 1 : gain;
        return (gain, meanB - (gain * meanA));
    }

    /// <summary>Means, variances and covariance.</summary>
    public static (double MeanA, double MeanB, double VarianceA, double Covariance, double VarianceB) Moments(double[] a, double[] b)
    {
        var (meanA, meanB) = (a.Average(), b.Average());
        double aa = 0, ab = 0, bb = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (a[i] - meanA, b[i] - meanB);
            aa += x * x / a.Length;
            ab += x * y / a.Length;
            bb += y * y / a.Length;
        }

        return (meanA, meanB, aa, ab, bb);
    }
}
