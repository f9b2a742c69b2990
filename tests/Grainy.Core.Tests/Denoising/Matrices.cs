namespace Grainy.Core.Tests.Denoising;

/// <summary>Small square matrices in double precision, by elimination with pivots.</summary>
internal static class Matrices
{
    public static double[,] Inverse(double[,] m) => Eliminate(m).Inverse;

    public static double Determinant(double[,] m) => Eliminate(m).Determinant;

    public static double[,] TimesTransposed(double[,] m)
    {
        var n = m.GetLength(0);
        var product = new double[n, n];
        for (var i = 0; i < n; i++)
        {
            for (var j = 0; j < n; j++)
            {
                product[i, j] = Enumerable.Range(0, n).Sum(k => m[i, k] * m[j, k]);
            }
        }

        return product;
    }

    public static double[,] PlusDiagonal(double[,] m, double summand)
    {
        var sum = (double[,])m.Clone();
        for (var i = 0; i < m.GetLength(0); i++)
        {
            sum[i, i] += summand;
        }

        return sum;
    }

    public static double[] Times(double[,] m, double[] x) =>
        [.. Enumerable.Range(0, x.Length).Select(i => Enumerable.Range(0, x.Length).Sum(j => m[i, j] * x[j]))];

    private static (double[,] Inverse, double Determinant) Eliminate(double[,] m)
    {
        var n = m.GetLength(0);
        var left = (double[,])m.Clone();
        var right = PlusDiagonal(new double[n, n], 1);
        var determinant = 1.0;
        for (var column = 0; column < n; column++)
        {
            var pivot = Enumerable.Range(column, n - column).MaxBy(row => Math.Abs(left[row, column]));
            if (pivot != column)
            {
                determinant = -determinant;
                for (var j = 0; j < n; j++)
                {
                    (left[pivot, j], left[column, j]) = (left[column, j], left[pivot, j]);
                    (right[pivot, j], right[column, j]) = (right[column, j], right[pivot, j]);
                }
            }

            var scale = left[column, column];
            determinant *= scale;
            for (var j = 0; j < n; j++)
            {
                left[column, j] /= scale;
                right[column, j] /= scale;
            }

            for (var row = 0; row < n; row++)
            {
                var factor = row == column ? 0 : left[row, column];
                for (var j = 0; factor != 0 && j < n; j++)
                {
                    left[row, j] -= factor * left[column, j];
                    right[row, j] -= factor * right[column, j];
                }
            }
        }

        return (right, determinant);
    }
}
