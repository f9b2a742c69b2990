using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Trust;

namespace Grainy.Core.Tests.Trust;

public sealed class ResidualAnalysisTests
{
    private static readonly ImageBuffer Clean = ImageFixtures.Make(1, 192, 192, (_, y, x) => 0.5 + (0.2 * Math.Sin(0.9 * x) * Math.Cos(0.7 * y)) + (0.2 * Math.Sin(0.05 * x)));
    private static readonly ImageBuffer Noisy = GaussianNoise.Corrupt(Clean, 0.1, 1);

    // Each remark is a false alarm once in 16,000 images at most; the seeds are fixed.
    [Fact]
    public void A_perfect_result_should_give_no_remark()
    {
        for (ulong seed = 1; seed <= 20; seed++)
        {
            var report = ResidualAnalysis.Of(GaussianNoise.Corrupt(Clean, 0.1, seed), Clean, new NoiseModel.Gaussian(0.1));

            report.Remarks.ShouldBeEmpty();
            report.Sigma.ShouldBe(0.1, 0.002);
            report.ExpectedSigma!.Value.ShouldBe(0.1, 1e-9);
        }
    }

    [Fact]
    public void Lost_detail_should_be_noticed()
    {
        var blurred = ImageFixtures.Make(1, 192, 192, (_, y, x) => 0.5 + (0.14 * Math.Sin(0.9 * x) * Math.Cos(0.7 * y)) + (0.2 * Math.Sin(0.05 * x)));

        Codes(blurred).ShouldContain("detail-lost");
    }

    // What every denoiser does: a share of the noise of a pixel is left in it and in its neighbours. The ring next to the pixel took that for lost detail.
    [Fact]
    public void Noise_that_is_left_smoothed_should_not_be_taken_for_lost_detail()
    {
        var left = ImageFixtures.Make(1, 192, 192, (_, y, x) => Clean.Planes[(y * 192) + x] + (0.08 * (Noise(y, x) + Noise(y - 1, x) + Noise(y + 1, x) + Noise(y, x - 1) + Noise(y, x + 1))));

        Codes(left).ShouldNotContain("detail-lost");

        static double Noise(int y, int x) =>
            y is >= 0 and < 192 && x is >= 0 and < 192 ? Noisy.Planes[(y * 192) + x] - Clean.Planes[(y * 192) + x] : 0;
    }

    [Fact]
    public void Shifted_brightness_should_be_noticed()
    {
        var shifted = Changed(value => value + 0.01f);

        Codes(shifted).ShouldBe(["mean-shift"]);
        ResidualAnalysis.Of(Noisy, shifted).MeanShift.ShouldBe(-0.01, 0.003);
    }

    [Fact]
    public void Changed_contrast_should_be_noticed() => Codes(Changed(value => 0.5f + (0.8f * (value - 0.5f)))).ShouldContain("contrast-changed");

    [Fact]
    public void Noise_that_was_left_should_be_noticed() =>
        Codes(new ImageBuffer(1, 192, 192, [.. Noisy.Planes.Zip(Clean.Planes, (noisy, clean) => (0.5f * noisy) + (0.5f * clean))])).ShouldBe(["noise-left"]);

    [Fact]
    public void A_result_that_is_the_input_should_be_noticed()
    {
        var report = ResidualAnalysis.Of(Noisy, Noisy, new NoiseModel.Gaussian(0.1));

        report.Remarks.Select(remark => remark.Code).ShouldBe(["noise-left"]);
        report.Autocorrelation.ShouldBeNull();
    }

    [Fact]
    public void Images_that_do_not_belong_together_should_be_refused()
    {
        Should.Throw<ArgumentException>(() => ResidualAnalysis.Of(Noisy, ImageFixtures.Waves(1, 100, 100))).Message.ShouldContain("differ in size");
        Should.Throw<ArgumentException>(() => ResidualAnalysis.Of(Noisy, Changed(_ => float.NaN))).Message.ShouldContain("not numbers");
    }

    private static string[] Codes(ImageBuffer denoised) => [.. ResidualAnalysis.Of(Noisy, denoised, new NoiseModel.Gaussian(0.1)).Remarks.Select(remark => remark.Code)];

    private static ImageBuffer Changed(Func<float, float> sample) => new(1, 192, 192, [.. Clean.Planes.Select(sample)]);
}
