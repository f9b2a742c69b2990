namespace Grainy.Core.Metrics.Ssim;

/// <summary>
/// Local similarity of two planes under a Gaussian window of 11 × 11 with σ = 1.5 (Wang, Bovik, Sheikh, Simoncelli 2004), K₁ = 0.01, K₂ = 0.03, data range 1.
/// Only places where the window lies inside the plane count; variances are weighted means without Bessel's correction, as in the paper.
/// </summary>
internal static class SsimWindow
{
    /// <summary>Side of the window.</summary>
    public const int Side = 11;

    /// <summary>K₁².</summary>
    public const double C1 = 0.01 * 0.01;

    /// <summary>K₂².</summary>
    public const double C2 = 0.03 * 0.03;

    private static readonly double[] Window = GaussianWindow(1.5);

    /// <summary>
    /// Sums over the window rows <paramref name="from"/> to <paramref name="to"/> (exclusive): whole similarity, and contrast and structure alone.
    /// </summary>
    /// <param name="map">Where it is not empty, the similarity at each place is added to it, row after row.</param>
    public static (double Similarity, double Contrast) Sum(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int from, int to, Span<float> map = default)
    {
        Span<double[]> columns = [new double[width], new double[width], new double[width], new double[width], new double[width]];
        double similarity = 0, contrast = 0;
        for (var row = from; row < to; row++)
        {
            FilterColumns(x, y, width, row, columns);
            for (var left = 0; left <= width - Side; left++)
            {
                double meanX = 0, meanY = 0, squareX = 0, squareY = 0, product = 0;
                for (var k = 0; k < Side; k++)
                {
                    var (weight, at) = (Window[k], left + k);
                    meanX += weight * columns[0][at];
                    meanY += weight * columns[1][at];
                    squareX += weight * columns[2][at];
                    squareY += weight * columns[3][at];
                    product += weight * columns[4][at];
                }

                var (varianceX, varianceY, covariance) = (squareX - (meanX * meanX), squareY - (meanY * meanY), product - (meanX * meanY));
                var local = ((2 * covariance) + C2) / (varianceX + varianceY + C2);
                contrast += local;
                var whole = local * (((2 * meanX * meanY) + C1) / ((meanX * meanX) + (meanY * meanY) + C1));
                similarity += whole;
                if (!map.IsEmpty)
                {
                    map[((row - from) * (width - Side + 1)) + left] += (float)whole;
                }
            }
        }

        return (similarity, contrast);
    }

    private static void FilterColumns(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int row, Span<double[]> columns)
    {
        foreach (var column in columns)
        {
            Array.Clear(column);
        }

        for (var k = 0; k < Side; k++)
        {
            var (weight, start) = (Window[k], (row + k) * width);
            for (var i = 0; i < width; i++)
            {
                double p = x[start + i], q = y[start + i];
                columns[0][i] += weight * p;
                columns[1][i] += weight * q;
                columns[2][i] += weight * p * p;
                columns[3][i] += weight * q * q;
                columns[4][i] += weight * p * q;
            }
        }
    }

    private static double[] GaussianWindow(double sigma)
    {
        var weights = Enumerable.Range(-(Side / 2), Side).Select(offset => Math.Exp(-offset * offset / (2 * sigma * sigma))).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
