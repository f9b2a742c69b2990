namespace Grainy.Core.Noise;

/// <summary>Eigenvalues of small real symmetric matrices.</summary>
internal static class SymmetricEigen
{
    private const int MostSweeps = 50;

    /// <summary>All eigenvalues in descending order, by cyclic Jacobi rotations (Golub and Van Loan, Matrix Computations, 8.5).</summary>
    /// <param name="matrix">Row-major n·n, symmetric; overwritten.</param>
    /// <param name="n">Rows.</param>
    public static double[] Values(double[] matrix, int n)
    {
        var total = matrix.Sum(value => value * value);
        for (var sweep = 0; sweep < MostSweeps && OffDiagonal(matrix, n) > 1e-22 * total; sweep++)
        {
            for (var p = 0; p < n - 1; p++)
            {
                for (var q = p + 1; q < n; q++)
                {
                    Rotate(matrix, n, p, q);
                }
            }
        }

        return [.. Enumerable.Range(0, n).Select(i => matrix[(i * n) + i]).OrderDescending()];
    }

    private static double OffDiagonal(double[] matrix, int n)
    {
        var sum = 0.0;
        for (var p = 0; p < n; p++)
        {
            for (var q = p + 1; q < n; q++)
            {
                sum += 2 * matrix[(p * n) + q] * matrix[(p * n) + q];
            }
        }

        return sum;
    }

    private static void Rotate(double[] matrix, int n, int p, int q)
    {
        var off = matrix[(p * n) + q];
        if (off == 0)
        {
            return;
        }

        var theta = (matrix[(q * n) + q] - matrix[(p * n) + p]) / (2 * off);
        var t = (theta >= 0 ? 1 : -1) / (Math.Abs(theta) + Math.Sqrt((theta * theta) + 1));
        var c = 1 / Math.Sqrt((t * t) + 1);
        var s = t * c;
        for (var k = 0; k < n; k++)
        {
            double kp = matrix[(k * n) + p], kq = matrix[(k * n) + q];
            matrix[(k * n) + p] = (c * kp) - (s * kq);
            matrix[(k * n) + q] = (s * kp) + (c * kq);
        }

        for (var k = 0; k < n; k++)
        {
            double pk = matrix[(p * n) + k], qk = matrix[(q * n) + k];
            matrix[(p * n) + k] = (c * pk) - (s * qk);
            matrix[(q * n) + k] = (s * pk) + (c * qk);
        }
    }
}
