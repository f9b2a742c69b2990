using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Trust;

namespace Grainy.Core.Tests.Trust;

public sealed class PairScoreTests
{
    private static readonly ImageBuffer Clean = ImageFixtures.Waves(1, 160, 160);

    [Fact]
    public void Psnr_from_a_pair_should_be_that_against_the_truth()
    {
        var (first, second) = (GaussianNoise.Corrupt(Clean, 0.1, 1), GaussianNoise.Corrupt(Clean, 0.1, 2));
        // Not perfect, in a way that depends on the first frame.
        var denoised = new ImageBuffer(1, 160, 160, [.. first.Planes.Zip(Clean.Planes, (noisy, clean) => (0.2f * noisy) + (0.8f * clean) + 0.01f)]);
        var truth = ImageFixtures.MeanSquaredError(denoised, Clean);

        var score = PairScore.Of(denoised, first, second);

        score.MeanSquaredError.ShouldBe(truth, 4 * score.StandardError); // once in 16,000 beyond it by chance
        score.StandardError.ShouldBeLessThan(0.4 * truth);
        score.Psnr.ShouldBe(-10 * Math.Log10(score.MeanSquaredError), 1e-9);
        (score.Interval.Low < score.Psnr && score.Psnr < score.Interval.High).ShouldBeTrue();
        score.NoisyError.ShouldBe(0.01, 0.0005);
    }

    // 95 % intervals: of 40, 32 or fewer hold the truth with a probability of 0.1 %.
    [Fact]
    public void Intervals_should_hold_the_truth_as_often_as_they_say()
    {
        var held = Enumerable.Range(0, 40).Count(n =>
        {
            var (first, second) = (GaussianNoise.Corrupt(Clean, 0.1, 3, 2 * n), GaussianNoise.Corrupt(Clean, 0.1, 3, (2 * n) + 1));
            var denoised = new ImageBuffer(1, 160, 160, [.. first.Planes.Zip(Clean.Planes, (noisy, clean) => (0.3f * noisy) + (0.7f * clean))]);
            var score = PairScore.Of(denoised, first, second);
            return Math.Abs(score.MeanSquaredError - ImageFixtures.MeanSquaredError(denoised, Clean)) < 1.96 * score.StandardError;
        });

        held.ShouldBeGreaterThan(32);
    }

    [Fact]
    public void Peak_should_set_the_scale() =>
        (PairScore.Of(Clean, GaussianNoise.Corrupt(Clean, 0.1, 1), GaussianNoise.Corrupt(Clean, 0.1, 2), peak: 2) with { MeanSquaredError = 0.01 }).Psnr
            .ShouldBe(10 * Math.Log10(400), 1e-9);

    [Theory]
    [InlineData(1.0)]
    [InlineData(0.5)]
    public void Reliability_should_find_how_sure_a_denoiser_may_be(double claimed)
    {
        // The error of each sample is drawn with the standard deviation that grows from left to right; the denoiser claims a share of it.
        var deviation = ImageFixtures.Make(1, 200, 200, (_, _, x) => 0.01 + (0.0002 * x));
        var random = CounterRandom.For(1, "test.reliability");
        var clean = ImageFixtures.Waves(1, 200, 200);
        var denoised = new ImageBuffer(1, 200, 200, [.. clean.Planes.Zip(deviation.Planes, (value, spread) => (float)(value + (spread * random.NextNormal())))]);
        var predicted = new ImageBuffer(1, 200, 200, [.. deviation.Planes.Select(value => (float)(claimed * value))]);

        var result = Reliability.Of(predicted, denoised, GaussianNoise.Corrupt(clean, 0.05, 1), GaussianNoise.Corrupt(clean, 0.05, 2));

        result.Bins.Count.ShouldBe(20);
        result.Ratio.ShouldBe(1 / claimed, 0.06 / claimed); // two standard errors of the mean square are 4 %
        result.Bins.ShouldAllBe(bin => Math.Abs(bin.ActualSquared - Math.Pow(bin.Predicted / claimed, 2)) < 5 * bin.StandardError);
    }
}
