using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.MsSsim;

namespace Grainy.Core.Tests.Metrics;

/// <summary>
/// No program of others is at hand for MS-SSIM: its values are checked against the definition, written out here in float64, and against what follows from it.
/// </summary>
public sealed class MsSsimTests
{
    private static readonly double[] Weights = [0.0448, 0.2856, 0.3001, 0.2363, 0.1333];

    [Fact]
    public void Ms_ssim_should_match_a_direct_evaluation_of_its_definition()
    {
        // 161 is the smallest side; 174 → 87 → 44 → 22 → 11 is odd once.
        var (a, b) = (ReferenceImages.Synthetic(7, 13, 29, 0, 161, 174), Mixed(161, 174));

        Value(a, b).ShouldBe(Enumerable.Range(0, 3).Average(c => Direct(a, b, c)), 1e-6); // halved planes are float32 in the product
        Value(a, b).ShouldBeInRange(0.05, 0.95);
    }

    [Fact]
    public void Ms_ssim_should_be_one_for_equal_images() => Value(Mixed(161, 161), Mixed(161, 161)).ShouldBe(1, 1e-12);

    [Fact]
    public void Ms_ssim_of_flat_images_should_be_the_luminance_term_to_the_last_weight()
    {
        // Without structure all other terms are 1.
        const double luminance = ((2 * 0.2 * 0.6) + 1e-4) / ((0.2 * 0.2) + (0.6 * 0.6) + 1e-4);

        Value(ReferenceImages.Flat(0.2f, 170), ReferenceImages.Flat(0.6f, 170)).ShouldBe(Math.Pow(luminance, 0.1333), 1e-6);
    }

    [Fact]
    public void Ms_ssim_should_be_zero_where_structures_oppose_each_other()
    {
        var waves = ImageFixtures.Make(1, 170, 170, (_, y, x) => 0.5 + (0.4 * Math.Sin(x * 0.9) * Math.Cos(y * 0.7)));
        var negative = ImageFixtures.Make(1, 170, 170, (_, y, x) => 0.5 - (0.4 * Math.Sin(x * 0.9) * Math.Cos(y * 0.7)));

        Value(waves, negative).ShouldBe(0);
    }

    [Fact]
    public void Ms_ssim_should_improve_to_its_value_and_name_its_range_and_parameters()
    {
        using var metric = new MsSsimMetric();
        var scaled = new MetricOptions { DataRange = 4 };
        var (a, b) = (Times(Mixed(170, 180), 4), Times(ReferenceImages.Synthetic(7, 13, 29, 0, 170, 180), 4));

        var results = metric.Measure(a, b, scaled, CancellationToken.None).ToArray();

        results[^1].Final.ShouldBeTrue();
        results.SkipLast(1).ShouldAllBe(result => !result.Final && result.Value >= 0 && result.Value <= 1);
        results[^1].Value.ShouldBe(Value(Mixed(170, 180), ReferenceImages.Synthetic(7, 13, 29, 0, 170, 180)), 1e-6);
        results[^1].Fingerprint.ShouldBe(
            "ms-ssim; 5 scales 0.0448 0.2856 0.3001 0.2363 0.1333; 11×11 gaussian 1.5; K 0.01 0.03; range [0,4]; inside; mean over channels");
    }

    [Fact]
    public void Ms_ssim_should_refuse_sides_that_cannot_be_halved_four_times()
    {
        using var metric = new MsSsimMetric();
        var small = ImageFixtures.Waves(3, 160, 200);

        Should.Throw<MetricInputException>(() => metric.Measure(small, small, new MetricOptions(), CancellationToken.None).Count())
            .Message.ShouldBe("The images are 200 × 160, but ms-ssim needs at least 161 pixels on each side: choose larger images.");
    }

    private static double Value(ImageBuffer a, ImageBuffer b)
    {
        using var metric = new MsSsimMetric();
        return metric.Measure(a, b, new MetricOptions(), CancellationToken.None).Last().Value;
    }

    // Half the pattern of the other image and half waves: alike enough that no term is negative.
    private static ImageBuffer Mixed(int height, int width)
    {
        var pattern = ReferenceImages.Synthetic(7, 13, 29, 0, height, width);
        return ImageFixtures.Make(3, height, width, (c, y, x) =>
            (0.5 * pattern.Plane(c)[(y * width) + x]) + (0.5 * ((Math.Sin((x * 0.31) + c) * Math.Cos(y * 0.17) * 0.5) + 0.5)));
    }

    private static ImageBuffer Times(ImageBuffer image, float factor) =>
        new(image.Channels, image.Height, image.Width, [.. image.Planes.Select(sample => sample * factor)]);

    // Plain loops in double: windows in two dimensions, centred moments.
    private static double Direct(ImageBuffer a, ImageBuffer b, int channel)
    {
        var (height, width) = (a.Height, a.Width);
        var (x, y) = (ToDouble(a, channel), ToDouble(b, channel));
        var product = 1.0;
        for (var scale = 0; scale < 5; scale++)
        {
            product *= Math.Pow(MeanTerm(x, y, height, width, luminance: scale == 4), Weights[scale]);
            (x, y) = (Halved(x, height, width), Halved(y, height, width));
            (height, width) = ((height + 1) / 2, (width + 1) / 2);
        }

        return product;
    }

    private static double[] ToDouble(ImageBuffer image, int channel) => [.. image.Plane(channel).ToArray().Select(sample => (double)sample)];

    private static double MeanTerm(double[] x, double[] y, int height, int width, bool luminance)
    {
        var window = new double[11, 11];
        var total = 0.0;
        for (var i = 0; i < 121; i++)
        {
            total += window[i / 11, i % 11] = Math.Exp(-((((i / 11) - 5) * ((i / 11) - 5)) + (((i % 11) - 5) * ((i % 11) - 5))) / 4.5);
        }

        var sum = 0.0;
        for (var top = 0; top + 11 <= height; top++)
        {
            for (var left = 0; left + 11 <= width; left++)
            {
                double p = 0, q = 0, pp = 0, qq = 0, pq = 0;
                for (var i = 0; i < 121; i++)
                {
                    var (weight, at) = (window[i / 11, i % 11] / total, ((top + (i / 11)) * width) + left + (i % 11));
                    (p, q) = (p + (weight * x[at]), q + (weight * y[at]));
                }

                for (var i = 0; i < 121; i++)
                {
                    var (weight, at) = (window[i / 11, i % 11] / total, ((top + (i / 11)) * width) + left + (i % 11));
                    var (u, v) = (x[at] - p, y[at] - q);
                    (pp, qq, pq) = (pp + (weight * u * u), qq + (weight * v * v), pq + (weight * u * v));
                }

                var structure = ((2 * pq) + 9e-4) / (pp + qq + 9e-4);
                sum += structure * (luminance ? ((2 * p * q) + 1e-4) / ((p * p) + (q * q) + 1e-4) : 1);
            }
        }

        return sum / ((height - 10) * (width - 10));
    }

    private static double[] Halved(double[] samples, int height, int width)
    {
        var halved = new double[(height + 1) / 2 * ((width + 1) / 2)];
        for (var i = 0; i < halved.Length; i++)
        {
            var (y, x) = Math.DivRem(i, (width + 1) / 2);
            var rows = new[] { 2 * y, Math.Min((2 * y) + 1, height - 1) };
            var columns = new[] { 2 * x, Math.Min((2 * x) + 1, width - 1) };
            halved[i] = (from row in rows from column in columns select samples[(row * width) + column]).Average();
        }

        return halved;
    }
}
