using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Core.Tests.Noise;

public sealed class NoiseAnalysisTests
{
    private static readonly ImageBuffer Waves = ImageFixtures.Waves(1, 256, 256);

    // Estimates over 65,536 samples: the standard error of σ is 0.3 % of it, that of the high-pass three times as much; 4 % is far outside of chance.
    [Theory]
    [InlineData(0.02)]
    [InlineData(0.1)]
    [InlineData(0.3)]
    public void Gaussian_noise_should_be_found_and_lead_to_a_blind_spot(double sigma)
    {
        var report = NoiseAnalysis.Run([GaussianNoise.Corrupt(Waves, sigma, 1)]);

        report.Proposal.Model.ShouldBeOfType<NoiseModel.Gaussian>().Sigma!.Value.ShouldBe(sigma, 0.04 * sigma);
        (report.Proposal.Verdict, report.Proposal.Method, report.Proposal.Hole).ShouldBe((NoiseVerdict.Go, TrainingMethods.BlindSpot, 0));
        var channel = report.Images[0].Channels[0];
        double[] estimates = [channel.HighPass, channel.Wavelet, channel.Patches!.Value];
        estimates.ShouldAllBe(estimate => Math.Abs(estimate - sigma) < 0.05 * sigma);
        report.Images[0].Autocorrelation!.IsCorrelated.ShouldBeFalse();
        report.Images[0].Impulses!.Value.ShouldBeLessThan(1e-4);
    }

    // The standard error of one such image's slope is 15 % at 20 counts, where samples of 0 are left out as clipped, and 5 % at 200; two of them are allowed.
    [Theory]
    [InlineData(20, 0.3)]
    [InlineData(200, 0.1)]
    public void Poisson_noise_should_be_found(double lambda, double tolerance)
    {
        var report = NoiseAnalysis.Run([Counted(Waves, lambda, 0, 1)]);

        report.Proposal.Model.ShouldBeOfType<NoiseModel.Poisson>().Lambda!.Value.ShouldBe(lambda, tolerance * lambda);
    }

    [Fact]
    public void Affine_noise_should_be_found_with_intervals_that_hold_the_truth()
    {
        var report = NoiseAnalysis.Run([Counted(Waves, 100, 0.05, 1)]);

        var model = report.Proposal.Model.ShouldBeOfType<NoiseModel.Affine>();
        model.A!.Value.ShouldBe(0.01, 0.0015);
        model.B!.Value.ShouldBe(0.0025, 0.0006);
        report.Images[0].Curve!.RSquared.ShouldBeGreaterThan(0.8);
    }

    // Half of a normal distribution, the rest cut off at black: what is left looks like lone pixels, but nothing was replaced.
    [Fact]
    public void Noise_that_is_cut_off_at_black_should_not_be_taken_for_impulses()
    {
        var noisy = GaussianNoise.Corrupt(ImageFixtures.Make(1, 192, 192, (_, y, x) => 0.01 + (0.02 * ((x + y) % 96 / 96.0))), 0.08, 1);
        var cut = new ImageBuffer(1, 192, 192, [.. noisy.Planes.Select(value => Math.Max(0, value))]);

        var report = NoiseAnalysis.Run([cut]);

        report.Proposal.Model.ShouldNotBeOfType<NoiseModel.Impulse>();
        (report.Images[0].Impulses ?? 0).ShouldBeLessThan(0.005);
        report.Proposal.Warnings.ShouldContain(warning => warning.Code == "clipped");
        report.Proposal.Verdict.ShouldBe(NoiseVerdict.Caution);
        report.Proposal.Reason.ShouldContain("cut off");
    }

    // 95 % intervals: of 20 independent ones 16 or fewer hold the truth with a probability of 1.6 %, 14 or fewer with 0.03 %; the seeds are fixed.
    [Trait("Category", "slow")]
    [Fact]
    public void Intervals_of_the_slope_should_hold_the_truth_as_often_as_they_say()
    {
        var held = Enumerable.Range(1, 20).Count(seed =>
            NoiseAnalysis.OfImage(Counted(ImageFixtures.Waves(1, 192, 192), 100, 0.05, (ulong)seed)).Curve is { } curve && curve.AInterval.Low <= 0.01 && 0.01 <= curve.AInterval.High);

        held.ShouldBeGreaterThan(14);
    }

    [Fact]
    public void Photon_transfer_should_find_gain_and_read_noise_whatever_the_scene()
    {
        // Chequers of 3 pixels: texture that defeats every estimate from one image.
        var scene = ImageFixtures.Make(1, 192, 192, (_, y, x) => 0.2 + (0.5 * (((x / 3) + (y / 3)) % 2)) + (0.002 * (x % 100)));

        var report = NoiseAnalysis.Run([Counted(scene, 100, 0.05, 1), Counted(scene, 100, 0.05, 2)], framesOfOneScene: true);

        report.Frames[0].Curve!.A.ShouldBe(0.01, 0.0012);
        report.Frames[0].Curve!.B.ShouldBe(0.0025, 0.0007);
        report.Proposal.Method.ShouldBe(TrainingMethods.Noise2Noise);
        report.Frames[0].Autocorrelation!.IsCorrelated.ShouldBeFalse();
    }

    [Fact]
    public void Frames_of_one_scene_should_be_recognised_and_other_images_not()
    {
        var other = ImageFixtures.Make(1, 256, 256, (_, y, x) => 0.5 + (0.4 * Math.Sin((0.02 * x) - (0.09 * y))));

        NoiseAnalysis.Run([GaussianNoise.Corrupt(Waves, 0.1, 1), GaussianNoise.Corrupt(Waves, 0.1, 2)]).Proposal.Method.ShouldBe(TrainingMethods.Noise2Noise);
        NoiseAnalysis.Run([GaussianNoise.Corrupt(Waves, 0.1, 1), GaussianNoise.Corrupt(other, 0.1, 2)]).Proposal.Method.ShouldBe(TrainingMethods.BlindSpot);
    }

    [Fact]
    public void Drift_of_brightness_should_be_warned_of()
    {
        var second = GaussianNoise.Corrupt(Waves, 0.05, 2);
        var brighter = new ImageBuffer(1, 256, 256, [.. second.Planes.Select(value => value * 1.05f)]);

        var proposal = NoiseAnalysis.Run([GaussianNoise.Corrupt(Waves, 0.05, 1), brighter]).Proposal;

        (proposal.Method, proposal.Verdict).ShouldBe((TrainingMethods.Noise2Noise, NoiseVerdict.Caution));
        proposal.Warnings.Select(warning => warning.Code).ShouldContain("brightness-drift");
    }

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.2)]
    public void Impulses_should_be_counted(double share)
    {
        var random = CounterRandom.For(1, "test.impulses");
        var planes = GaussianNoise.Corrupt(Waves, 0.01, 1).Planes.Select(value => random.NextDouble() < share ? (float)random.NextDouble() : value).ToArray();

        var report = NoiseAnalysis.Run([new ImageBuffer(1, 256, 256, planes)]);

        report.Proposal.Model.ShouldBeOfType<NoiseModel.Impulse>().Alpha!.Value.ShouldBeInRange(0.75 * share, 1.15 * share);
    }

    [Fact]
    public void A_black_level_should_be_found()
    {
        var report = NoiseAnalysis.Run([new ImageBuffer(1, 256, 256, [.. Counted(Waves, 100, 0, 1).Planes.Select(value => value + 0.25f)])]);

        report.Images[0].Curve!.BlackLevel!.Value.ShouldBe(0.25, 0.05);
        report.Proposal.Warnings.Select(warning => warning.Code).ShouldContain("black-level");
    }

    [Fact]
    public void Long_lists_should_be_measured_in_part()
    {
        NoiseAnalysis.Chosen(10_000).Count.ShouldBe(NoiseAnalysis.MostImages);
        (NoiseAnalysis.Chosen(10_000)[0], NoiseAnalysis.Chosen(10_000)[^1]).ShouldBe((0, 9_999));
        NoiseAnalysis.Chosen(3).ShouldBe([0, 1, 2]);
    }

    private static ImageBuffer Counted(ImageBuffer clean, double lambda, double read, ulong seed)
    {
        var random = CounterRandom.For(seed, "test.counts");
        return new ImageBuffer(clean.Channels, clean.Height, clean.Width, [.. clean.Planes.Select(value => (float)((random.NextPoisson(value * lambda) / lambda) + (read * random.NextNormal())))]);
    }
}
