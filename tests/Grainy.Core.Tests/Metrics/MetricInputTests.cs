using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Core.Tests.Metrics;

[LeavesNoTensors]
public sealed class MetricInputTests
{
    private static readonly ImageBuffer First = ImageFixtures.Waves(3, 170, 164);
    private static readonly ImageBuffer Pattern = ReferenceImages.Synthetic(7, 13, 29, 0, 170, 164);

    // Alike enough that no term of MS-SSIM is negative.
    private static readonly ImageBuffer Second = new(3, 170, 164, [.. First.Planes.Zip(Pattern.Planes, (wave, pattern) => (wave + pattern) / 2)]);

    public static TheoryData<string> Available =>
        ["psnr", "ssim", "ms-ssim", "lpips-alex", "lpips-squeeze", "elpips-squeeze", "elpips-lpips-squeeze", "builtin", "elpips-builtin"];

    [Fact]
    public void Metrics_should_declare_what_they_are_defined_on()
    {
        var catalog = new MetricCatalog(ReferenceImages.Weights);
        catalog.Names.ShouldBe(
        [
            "psnr", "ssim", "ms-ssim", "lpips-alex", "lpips-squeeze", "lpips-vgg", "elpips-squeeze", "elpips-vgg", "elpips-lpips-squeeze", "elpips-lpips-vgg",
            "builtin", "elpips-builtin",
        ]);
        foreach (var name in catalog.Names.Where(name => catalog.IsAvailable(name, out _)))
        {
            using var metric = catalog.Create(name);
            var perChannel = name is "psnr" or "ssim" or "ms-ssim";
            metric.Name.ShouldBe(name);
            metric.LowerIsBetter.ShouldBe(!perChannel);
            metric.Input.ShouldBe(perChannel
                ? new MetricInput(0, 1, MetricColours.Stored, null, name switch { "psnr" => 1, "ssim" => 11, _ => 161 })
                : new MetricInput(0, 1, MetricColours.Display, 3, 32));
        }
    }

    [Theory]
    [MemberData(nameof(Available))]
    public void Data_range_should_be_divided_out_and_be_part_of_the_fingerprint(string name)
    {
        var scaled = Measure(name, First.Map(sample => sample * 4), Second.Map(sample => sample * 4), new MetricOptions { Samples = 3, DataRange = 4 });
        var plain = Measure(name, First, Second, new MetricOptions { Samples = 3 });

        scaled.Value.ShouldBe(plain.Value); // a power of two: the very same numbers
        scaled.Fingerprint.ShouldContain("range [0,4]");
        plain.Fingerprint.ShouldContain("range [0,1]");
    }

    [Theory]
    [MemberData(nameof(Available))]
    public void Unstated_ranges_should_be_refused_and_overshoot_kept(string name)
    {
        var bytes = Pattern.Map(sample => sample * 255);
        Should.Throw<MetricInputException>(() => Measure(name, First, bytes, new MetricOptions { Samples = 3 })).Message.ShouldBe(
            $"The second image reaches 255, but {name} expects values in about [0, 1]: state the data range (the value of white), or scale the image first.");

        var overshoot = First.Map(sample => (sample * 1.4f) - 0.2f); // −0.06 … 1.06
        var clipped = overshoot.Map(sample => Math.Clamp(sample, 0, 1));
        Measure(name, overshoot, Second, new MetricOptions { Samples = 3 }).Value
            .ShouldNotBe(Measure(name, clipped, Second, new MetricOptions { Samples = 3 }).Value);
    }

    [Theory]
    [InlineData("lpips-alex", true)]
    [InlineData("elpips-builtin", true)]
    [InlineData("psnr", false)]
    [InlineData("ms-ssim", false)]
    public void Linear_data_should_be_sent_through_the_curve_of_displays_where_the_metric_is_made_for_those(string name, bool converted)
    {
        var linear = new MetricOptions { Samples = 3, Encoding = SampleEncoding.Linear };
        var (a, b) = (First.Map(SrgbCurve.Decode), Second.Map(SrgbCurve.Decode));

        var result = Measure(name, a, b, linear);

        result.Fingerprint.ShouldContain("range [0,1] linear");
        var (x, y) = converted ? (First, Second) : (a, b);
        var expected = Measure(name, x, y, new MetricOptions { Samples = 3 }).Value;
        expected.ShouldNotBe(0);
        result.Value.ShouldBe(expected, 1e-5 * Math.Abs(expected)); // rounding on the way to linear and back
    }

    [Theory]
    [MemberData(nameof(Available))]
    public void Grey_should_count_as_three_equal_channels(string name)
    {
        var grey = ImageFixtures.Waves(1, 170, 164);

        var expected = Measure(name, grey.ToRgb(), Second, new MetricOptions { Samples = 3 }).Value;
        Measure(name, grey, Second, new MetricOptions { Samples = 3 }).Value.ShouldBe(expected, 1e-12);
    }

    [Fact]
    public void Options_should_be_refused_outside_of_their_ranges()
    {
        string Refusal(MetricOptions options) => Should.Throw<ArgumentOutOfRangeException>(options.Validated).Message;

        Refusal(new MetricOptions { Samples = 0 }).ShouldStartWith("The number of samples must be between 1 and 1,000,000.");
        Refusal(new MetricOptions { MostSamples = 0 }).ShouldStartWith("The most samples must be between 1 and 1,000,000.");
        Refusal(new MetricOptions { TargetError = 1 }).ShouldStartWith("The target of the relative error must be between 0 and 1.");
        Refusal(new MetricOptions { Scales = 0 }).ShouldStartWith("The number of scales must be between 1 and 64.");
        Refusal(new MetricOptions { DataRange = double.NaN }).ShouldStartWith("The data range must be a positive number.");
        Refusal(new MetricOptions { DataRange = -1 }).ShouldStartWith("The data range must be a positive number.");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.0031308, 0.040449936)]
    [InlineData(0.18, 0.46135613)]
    [InlineData(1, 1)]
    [InlineData(2, 1.3532560)]
    [InlineData(-0.18, -0.46135613)]
    public void Curve_should_be_that_of_srgb(double linear, double display)
    {
        ((double)SrgbCurve.Encode((float)linear)).ShouldBe(display, 1e-6);
        ((double)SrgbCurve.Decode((float)display)).ShouldBe(linear, 2e-6);
    }

    private static MetricResult Measure(string name, ImageBuffer a, ImageBuffer b, MetricOptions options)
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create(name);
        return metric.Measure(a, b, options, CancellationToken.None).Last();
    }
}
