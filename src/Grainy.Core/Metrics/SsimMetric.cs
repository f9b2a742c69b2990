using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>
/// Structural similarity (Wang, Bovik, Sheikh, Simoncelli 2004): 11 × 11 Gaussian window of σ = 1.5, K₁ = 0.01, K₂ = 0.03, data range 1. The mean runs over the
/// places where the window lies inside the image, then over the channels; variances are weighted means without Bessel's correction, as in the paper.
/// </summary>
public sealed class SsimMetric : IMetric
{
    private const int Side = 11;
    private const double C1 = 0.01 * 0.01;
    private const double C2 = 0.03 * 0.03;
    private const long PixelsPerSlice = 1_000_000;

    private static readonly double[] Window = GaussianWindow(1.5);

    /// <inheritdoc/>
    public string Name => "ssim";

    /// <inheritdoc/>
    public IEnumerable<MetricResult> Measure(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        MetricInputs.RequireComparable(a, b, Name, Side);
        var (x, y) = a.Channels == b.Channels ? (a, b) : (a.ToRgb(), b.ToRgb());
        var rows = a.Height - Side + 1;
        var rowsPerSlice = (int)Math.Clamp(PixelsPerSlice / a.Width, 1, rows);
        double sum = 0;
        long count = 0;
        for (var channel = 0; channel < x.Channels; channel++)
        {
            for (var from = 0; from < rows; from += rowsPerSlice)
            {
                ct.ThrowIfCancellationRequested();
                var to = Math.Min(rows, from + rowsPerSlice);
                sum += Sum(x.Plane(channel), y.Plane(channel), x.Width, from, to);
                count += (long)(to - from) * (x.Width - Side + 1);
                var final = channel == x.Channels - 1 && to == rows;
                yield return new MetricResult(
                    Name, sum / count, null, 1, options.Seed, "ssim; 11×11 gaussian 1.5; K 0.01 0.03; range 1; inside; mean over channels", [], final);
            }
        }
    }

    /// <summary>Nothing is held.</summary>
    public void Dispose()
    {
    }

    /// <summary>Sum of the local similarities of the window rows <paramref name="from"/> to <paramref name="to"/> (exclusive).</summary>
    private static double Sum(ReadOnlySpan<float> x, ReadOnlySpan<float> y, int width, int from, int to)
    {
        Span<double[]> columns = [new double[width], new double[width], new double[width], new double[width], new double[width]];
        var sum = 0.0;
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
                sum += ((2 * meanX * meanY) + C1) * ((2 * covariance) + C2) / (((meanX * meanX) + (meanY * meanY) + C1) * (varianceX + varianceY + C2));
            }
        }

        return sum;
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
