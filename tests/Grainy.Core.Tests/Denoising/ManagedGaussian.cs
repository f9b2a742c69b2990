namespace Grainy.Core.Tests.Denoising;

/// <summary>The formulas of sections 2.5 and 2.6 for one pixel, by the adjugate of the 3×3 matrix: another way than the program's factorisation.</summary>
internal static class ManagedGaussian
{
    public static double Loss(double[] p, double[] y, double noise)
    {
        if (p.Length == 2)
        {
            var s = (p[1] * p[1]) + noise;
            return (Math.Pow(y[0] - p[0], 2) / s) + Math.Log(s);
        }

        var (inverse, determinant) = Invert(Total(p, noise));
        double[] d = [y[0] - p[0], y[1] - p[1], y[2] - p[2]];
        var quadratic = 0.0;
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                quadratic += d[i] * inverse[i, j] * d[j];
            }
        }

        return 0.5 * (quadratic + Math.Log(determinant));
    }

    public static double[] PosteriorMean(double[] p, double[] y, double noise)
    {
        if (p.Length == 2)
        {
            return [((y[0] * p[1] * p[1]) + (p[0] * noise)) / ((p[1] * p[1]) + noise)];
        }

        // (Σx⁻¹ + Σn⁻¹)⁻¹ (Σx⁻¹ μ + Σn⁻¹ y): the form of the paper.
        var (cleanInverse, _) = Invert(Total(p, 0));
        var sum = (double[,])cleanInverse.Clone();
        var right = new double[3];
        for (var i = 0; i < 3; i++)
        {
            sum[i, i] += 1 / noise;
            right[i] = (y[i] / noise) + (cleanInverse[i, 0] * p[0]) + (cleanInverse[i, 1] * p[1]) + (cleanInverse[i, 2] * p[2]);
        }

        var (covariance, _) = Invert(sum);
        return [.. Enumerable.Range(0, 3).Select(i => (covariance[i, 0] * right[0]) + (covariance[i, 1] * right[1]) + (covariance[i, 2] * right[2]))];
    }

    private static double[,] Total(double[] p, double noise)
    {
        double[,] factor = { { p[3], p[4], p[5] }, { 0, p[6], p[7] }, { 0, 0, p[8] } };
        var total = new double[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                total[i, j] = (factor[i, 0] * factor[j, 0]) + (factor[i, 1] * factor[j, 1]) + (factor[i, 2] * factor[j, 2]) + (i == j ? noise : 0);
            }
        }

        return total;
    }

    private static (double[,] Inverse, double Determinant) Invert(double[,] m)
    {
        double cofactor(int i, int j) => (m[(i + 1) % 3, (j + 1) % 3] * m[(i + 2) % 3, (j + 2) % 3]) - (m[(i + 1) % 3, (j + 2) % 3] * m[(i + 2) % 3, (j + 1) % 3]);
        var determinant = (m[0, 0] * cofactor(0, 0)) + (m[0, 1] * cofactor(0, 1)) + (m[0, 2] * cofactor(0, 2));
        var inverse = new double[3, 3];
        for (var i = 0; i < 3; i++)
        {
            for (var j = 0; j < 3; j++)
            {
                inverse[i, j] = cofactor(j, i) / determinant;
            }
        }

        return (inverse, determinant);
    }
}
