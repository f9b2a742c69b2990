using System.Numerics;

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

    // x, y, x², y², x·y.
    private const int Moments = 5;

    private static readonly double[] Window = GaussianWindow(1.5);

    /// <summary>
    /// Sums over the window rows <paramref name="from"/> to <paramref name="to"/> (exclusive): whole similarity, and contrast and structure alone.
    /// </summary>
    /// <param name="map">Where it is not empty, the similarity at each place is added to it, row after row.</param>
    public static (double Similarity, double Contrast) Sum(
        ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int from, int to, Span<float> map = default)
    {
        var places = width - Side + 1;
        double[][] columns = [.. Enumerable.Range(0, Moments).Select(_ => new double[width])];
        double[][] means = [.. Enumerable.Range(0, Moments).Select(_ => new double[places])];
        double similarity = 0, contrast = 0;
        for (var row = from; row < to; row++)
        {
            FilterColumns(x, y, width, row, columns);
            FilterRow(columns, means);
            var (meansX, meansY, squaresX, squaresY, products) = (means[0], means[1], means[2], means[3], means[4]);
            for (var left = 0; left < places; left++)
            {
                var (meanX, meanY) = (meansX[left], meansY[left]);
                var (varianceX, varianceY) = (squaresX[left] - (meanX * meanX), squaresY[left] - (meanY * meanY));
                var covariance = products[left] - (meanX * meanY);
                var local = ((2 * covariance) + C2) / (varianceX + varianceY + C2);
                contrast += local;
                var whole = local * (((2 * meanX * meanY) + C1) / ((meanX * meanX) + (meanY * meanY) + C1));
                similarity += whole;
                if (!map.IsEmpty)
                {
                    map[((row - from) * places) + left] += (float)whole;
                }
            }
        }

        return (similarity, contrast);
    }

    // Weighted sums over the eleven rows of the window, of x, y, x², y² and x·y at every column.
    private static void FilterColumns(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int row, double[][] columns)
    {
        var (p, q) = (new double[width], new double[width]);
        Array.ForEach(columns, Array.Clear);
        for (var k = 0; k < Side; k++)
        {
            var start = (row + k) * width;
            for (var i = 0; i < width; i++)
            {
                (p[i], q[i]) = (x[start + i], y[start + i]);
            }

            var (weight, at) = (new Vector<double>(Window[k]), 0);
            for (; at <= width - Vector<double>.Count; at += Vector<double>.Count)
            {
                var (u, v) = (new Vector<double>(p, at), new Vector<double>(q, at));
                var (weightedU, weightedV) = (weight * u, weight * v);
                Add(columns[0], at, weightedU);
                Add(columns[1], at, weightedV);
                Add(columns[2], at, weightedU * u);
                Add(columns[3], at, weightedV * v);
                Add(columns[4], at, weightedU * v);
            }

            for (; at < width; at++)
            {
                var (weightedU, weightedV) = (Window[k] * p[at], Window[k] * q[at]);
                columns[0][at] += weightedU;
                columns[1][at] += weightedV;
                columns[2][at] += weightedU * p[at];
                columns[3][at] += weightedV * q[at];
                columns[4][at] += weightedU * q[at];
            }
        }
    }

    // Weighted sums over the eleven columns of the window.
    private static void FilterRow(double[][] columns, double[][] means)
    {
        for (var moment = 0; moment < Moments; moment++)
        {
            var (source, target) = (columns[moment], means[moment]);
            Array.Clear(target);
            for (var k = 0; k < Side; k++)
            {
                var (weight, at) = (new Vector<double>(Window[k]), 0);
                for (; at <= target.Length - Vector<double>.Count; at += Vector<double>.Count)
                {
                    Add(target, at, weight * new Vector<double>(source, at + k));
                }

                for (; at < target.Length; at++)
                {
                    target[at] += Window[k] * source[at + k];
                }
            }
        }
    }

    private static void Add(double[] target, int at, Vector<double> value) => (new Vector<double>(target, at) + value).CopyTo(target, at);

    private static double[] GaussianWindow(double sigma)
    {
        var weights = Enumerable.Range(-(Side / 2), Side).Select(offset => Math.Exp(-offset * offset / (2 * sigma * sigma))).ToArray();
        return [.. weights.Select(weight => weight / weights.Sum())];
    }
}
