using System.Globalization;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Trust;

/// <summary>
/// Judges a denoised image by what was taken out: of white noise of mean 0 only the same should be missing. Works for any denoiser. It finds lost detail and changed
/// brightness; it cannot find detail that was invented, which leaves no trace in the difference.
/// </summary>
public static class ResidualAnalysis
{
    // A deviation must be beyond chance (4 standard errors: one false alarm in 16,000 for each of the tests) and large enough to matter.
    private const double Significance = 4;
    private const double ShiftLimit = 0.03; // of the noise
    // A network that keeps its detail gives 0.03 on a photo with noise of 25 / 255, that photo blurred by 1 px 0.1, by 2 px 0.26.
    private const double DetailLimit = 0.07;
    private const int Near = 2;
    private const int Far = 4;
    private const double SignalLimit = 0.05;
    private const double LeftLimit = 0.75;
    private const double TakenLimit = 1.2;

    /// <summary>The report.</summary>
    /// <param name="noisy">What was denoised.</param>
    /// <param name="denoised">The result, of the same size and on the same scale.</param>
    /// <param name="noise">The noise that was to be taken out; null: estimated where the image allows it.</param>
    /// <exception cref="ArgumentException">Of different size, or with samples that are not numbers: one sentence for people.</exception>
    public static ResidualReport Of(ImageBuffer noisy, ImageBuffer denoised, NoiseModel? noise = null)
    {
        Pairs.Require(noisy, denoised, "The noisy and the denoised image");
        var (width, height) = (noisy.Width, noisy.Height);
        var sums = new AutocorrelationSums();
        var (signal, detail) = (new Correlation(), new Correlation());
        var shifts = new List<(double Shift, double Deviation)>();
        var power = 0.0;
        for (var channel = 0; channel < noisy.Channels; channel++)
        {
            var clean = denoised.Plane(channel);
            var residual = Residual(noisy.Plane(channel), clean, out var mean);
            var squares = residual.Sum(value => (double)value * value);
            power += squares + (mean * mean * residual.Length);
            shifts.Add((mean, Math.Sqrt(squares / residual.Length)));
            sums.Add(residual, width, height);
            for (var y = Far; y < height - Far; y++)
            {
                for (var x = Far; x < width - Far; x++)
                {
                    // Rings around the pixel and not next to it: every denoiser leaves some of a pixel's noise in the pixel and in its neighbours, which would look like
                    // lost detail (0.14 of the 0.12 that a good network gives with the ring of radius 1).
                    var i = (y * width) + x;
                    var (near, far) = (Ring(clean, i, Near, width), Ring(clean, i, Far, width));
                    signal.Add(residual[i], near);
                    detail.Add(residual[i], near - far);
                }
            }
        }

        var autocorrelation = sums.Result();
        // Of correlated samples as many count as independent ones as the sum of all correlations says.
        var shared = autocorrelation is null ? 1 : Math.Max(1, 1 + (2 * autocorrelation.Lags.Sum(lag => lag.Value)));
        var (shift, deviation) = shifts.MaxBy(one => Math.Abs(one.Shift));
        var report = new ResidualReport(
            shift,
            deviation * Math.Sqrt(shared / (width * (double)height)),
            Math.Sqrt(power / noisy.Planes.Length),
            noise is null ? Estimated(noisy) : Expected(noise, denoised),
            autocorrelation,
            signal.Value,
            detail.Value,
            Math.Sqrt(shared / noisy.Planes.Length),
            []);
        return report with { Remarks = [.. Remarks(report)] };
    }

    private static IEnumerable<NoiseWarning> Remarks(ResidualReport report)
    {
        if (Math.Abs(report.MeanShift) > Math.Max(Significance * report.MeanShiftError, ShiftLimit * report.Sigma))
        {
            yield return Remark("mean-shift", $"Brightness was not kept: the result is {-report.MeanShift:+0.#####;-0.#####} off on average. Do not measure intensities in it.");
        }

        if (Math.Abs(report.SignalCorrelation) > Math.Max(SignalLimit, Significance * report.CorrelationError))
        {
            yield return Remark("contrast-changed", $"What was taken out follows the image (correlation {report.SignalCorrelation:F2}): contrast was changed.");
        }

        if (report.DetailCorrelation > Math.Max(DetailLimit, Significance * report.CorrelationError))
        {
            yield return Remark("detail-lost", $"What was taken out follows the fine detail (correlation {report.DetailCorrelation:F2}): edges or texture were blurred away. Look at the difference.");
        }

        if (report.Autocorrelation is { IsCorrelated: true } noise)
        {
            yield return Remark(
                "residual-structured",
                $"What was taken out is not white (correlation {noise.Strongest.Value:F2} at {noise.Strongest.Dx} right, {noise.Strongest.Dy} down): it holds structure, unless the noise itself is correlated.");
        }

        if (report.ExpectedSigma is > 0 and var expected)
        {
            if (report.Sigma < LeftLimit * expected)
            {
                yield return Remark("noise-left", $"Less was taken out ({report.Sigma:G3}) than there is noise ({expected:G3}): noise was left in.");
            }
            else if (report.Sigma > TakenLimit * expected)
            {
                yield return Remark("too-strong", $"More was taken out ({report.Sigma:G3}) than there is noise ({expected:G3}): the image itself was changed.");
            }
        }
    }

    private static float Ring(ReadOnlySpan<float> plane, int i, int radius, int width) =>
        plane[i - radius] + plane[i + radius] + plane[i - (radius * width)] + plane[i + (radius * width)];

    private static NoiseWarning Remark(string code, FormattableString text) => new(code, text.ToString(CultureInfo.InvariantCulture));

    private static double? Estimated(ImageBuffer noisy) =>
        Math.Min(noisy.Width, noisy.Height) >= NoiseEstimator.LeastSide && NoiseAnalysis.OfImage(noisy).OverallSigma is > 0 and var sigma ? sigma : null;

    private static double? Expected(NoiseModel noise, ImageBuffer clean) =>
        noise.IsKnown ? Math.Sqrt(clean.Planes.Average(value => noise.VarianceAt(value)!.Value)) : null;

    private static float[] Residual(ReadOnlySpan<float> noisy, ReadOnlySpan<float> clean, out double mean)
    {
        var residual = new float[noisy.Length];
        mean = 0;
        for (var i = 0; i < residual.Length; i++)
        {
            residual[i] = noisy[i] - clean[i];
            mean += (double)residual[i] / residual.Length;
        }

        for (var i = 0; i < residual.Length; i++)
        {
            residual[i] -= (float)mean;
        }

        return residual;
    }

    private sealed class Correlation
    {
        private double _n, _x, _y, _xx, _xy, _yy;

        public double Value => (_xx - (_x * _x / _n)) * (_yy - (_y * _y / _n)) is > 1e-30 and var scale ? (_xy - (_x * _y / _n)) / Math.Sqrt(scale) : 0;

        public void Add(double x, double y) => (_n, _x, _y, _xx, _xy, _yy) = (_n + 1, _x + x, _y + y, _xx + (x * x), _xy + (x * y), _yy + (y * y));
    }
}
