using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Metrics.Ssim;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Metrics;

public sealed class SimpleMetricTests
{
    [Fact]
    public void Psnr_should_be_20_dB_for_an_error_of_a_tenth_and_infinite_for_equal_images()
    {
        var a = ImageFixtures.Waves(3, 20, 30);
        var b = ImageFixtures.Make(3, 20, 30, (c, y, x) => a.Plane(c)[(y * 30) + x] + 0.1);

        PsnrMetric.Between(a, b).ShouldBe(20, 1e-4);
        PsnrMetric.Between(a, a).ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Psnr_of_the_noisy_example_should_be_what_its_noise_says() =>
        // 26.27 dB: mean squared error 0.002363 between the two pictures, measured independently.
        PsnrMetric.Between(ReferenceImages.Load("elpips/adv_anchor.png"), ReferenceImages.Load("elpips/adv_reference.png")).ShouldBe(26.27, 0.005);

    [Fact]
    public void Ssim_should_be_the_luminance_term_for_flat_images()
    {
        // Without structure only (2·a·b + C1) / (a² + b² + C1) is left.
        const double expected = ((2 * 0.2 * 0.6) + 1e-4) / ((0.2 * 0.2) + (0.6 * 0.6) + 1e-4);

        Ssim(ReferenceImages.Flat(0.2f, 16), ReferenceImages.Flat(0.6f, 16)).ShouldBe(expected, 1e-6);
    }

    [Fact]
    public void Ssim_should_match_a_direct_evaluation_of_its_definition()
    {
        var (a, b) = (ImageFixtures.Waves(1, 14, 13), ReferenceImages.Synthetic(7, 13, 29, 0, 14, 13));

        Ssim(a.ToRgb(), b).ShouldBe(Direct(a.ToRgb(), b), 1e-9);
        Ssim(a, b).ShouldBe(Direct(a.ToRgb(), b), 1e-9);
        Ssim(a, a).ShouldBe(1, 1e-12);
    }

    [Fact]
    public void Measure_should_say_in_one_sentence_why_images_cannot_be_compared()
    {
        var image = ImageFixtures.Waves(3, 40, 50);
        var broken = ImageFixtures.Make(3, 40, 50, (c, y, x) => (c, y, x) == (1, 7, 9) ? double.NaN : 0.5);
        var bytes = ImageFixtures.Make(3, 40, 50, (_, _, _) => 255);

        Refusal("psnr", image, ImageFixtures.Waves(3, 40, 51)).ShouldBe("The images differ in size (50 × 40 and 51 × 40): crop or scale one of them first.");
        Refusal("ssim", image, broken)
            .ShouldBe("The second image holds NaN at x = 9, y = 7, which no distance can be computed from: mend or crop that place first.");
        Refusal("ssim", ImageFixtures.Waves(3, 10, 50), ImageFixtures.Waves(3, 10, 50))
            .ShouldBe("The images are 50 × 10, but ssim needs at least 11 pixels on each side: choose larger images.");
        Refusal("elpips-squeeze", ImageFixtures.Waves(3, 31, 50), ImageFixtures.Waves(3, 31, 50))
            .ShouldBe("The images are 50 × 31, but elpips-squeeze needs at least 32 pixels on each side: choose larger images.");
        Refusal("lpips-alex", image, bytes).ShouldBe(
            "The second image reaches 255, but lpips-alex expects values in about [0, 1]: state the data range (the value of white), or scale the image first.");
    }

    [Fact]
    public void Catalog_should_tell_what_is_missing()
    {
        var catalog = new MetricCatalog(new WeightStore([]));

        catalog.IsAvailable("lpips-alex", out var why).ShouldBeFalse();
        why.ShouldBe(
            "lpips-alex needs the weights alexnet_features and lpips_lin_v0.1_alex: "
            + "'grainy weights pull lpips-alex' fetches them, 'grainy weights import FILE' takes in files.");
        Should.Throw<WeightFormatException>(() => catalog.Create("lpips-alex")).Message.ShouldBe(why);
        Should.Throw<ArgumentException>(() => catalog.Create("vmaf")).Message.ShouldStartWith("There is no metric 'vmaf'; choose one of psnr, ssim,");
        catalog.DefaultSet().ShouldBe(["psnr", "ssim", "builtin", "elpips-builtin"]);
        new MetricCatalog(ReferenceImages.Weights).DefaultSet().ShouldBe(["psnr", "ssim", "lpips-squeeze", "elpips-squeeze"]);
    }

    private static double Ssim(ImageBuffer a, ImageBuffer b)
    {
        using var metric = new SsimMetric();
        return metric.Measure(a, b, new MetricOptions(), CancellationToken.None).Single(result => result.Final).Value;
    }

    private static string Refusal(string name, ImageBuffer a, ImageBuffer b)
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create(name);
        return Should.Throw<MetricInputException>(() => metric.Measure(a, b, new MetricOptions(), CancellationToken.None).Count()).Message;
    }

    // The definition with two-dimensional windows and centred moments.
    private static double Direct(ImageBuffer a, ImageBuffer b)
    {
        double Weight(int dy, int dx) => Math.Exp(-(((dy - 5) * (dy - 5)) + ((dx - 5) * (dx - 5))) / 4.5);
        var window = (from dy in Enumerable.Range(0, 11) from dx in Enumerable.Range(0, 11) select (dy, dx)).ToArray();
        var total = window.Sum(at => Weight(at.dy, at.dx));
        var local =
            from channel in Enumerable.Range(0, 3)
            from y in Enumerable.Range(0, a.Height - 10)
            from x in Enumerable.Range(0, a.Width - 10)
            select Local(channel, y, x);
        return local.Average();

        double Local(int channel, int y, int x)
        {
            double Mean(Func<double, double, double> what) => window.Sum(at => Weight(at.dy, at.dx) / total
                * what(a.Plane(channel)[((y + at.dy) * a.Width) + x + at.dx], b.Plane(channel)[((y + at.dy) * a.Width) + x + at.dx]));
            var (p, q) = (Mean((u, _) => u), Mean((_, v) => v));
            var (varP, varQ, cov) = (Mean((u, _) => (u - p) * (u - p)), Mean((_, v) => (v - q) * (v - q)), Mean((u, v) => (u - p) * (v - q)));
            return ((2 * p * q) + 1e-4) * ((2 * cov) + 9e-4) / (((p * p) + (q * q) + 1e-4) * (varP + varQ + 9e-4));
        }
    }
}
