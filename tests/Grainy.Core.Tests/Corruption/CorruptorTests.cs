using Grainy.Core.Corruption;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Tests.Corruption;

public sealed class CorruptorTests
{
    private static readonly ImageBuffer Flat = ImageFixtures.Make(1, 300, 300, (_, _, _) => 0.4);
    private static readonly ImageBuffer Colour = ImageFixtures.Waves(3, 120, 160);

    // Mean and variance over 90,000 samples: 5 standard errors, with the fourth moment of each kind; a correct corruptor fails one seed in 1.7 million.
    [Theory]
    [InlineData(CorruptionKind.Gaussian, 0.1, 0, 0.01, 3)]
    [InlineData(CorruptionKind.Poisson, 50, 0, 0.008, 3.05)]
    [InlineData(CorruptionKind.Affine, 0.01, 0.002, 0.006, 3.02)]
    public void Noise_should_have_mean_zero_and_the_stated_variance(CorruptionKind kind, double strength, double offset, double variance, double kurtosis)
    {
        var result = Corruptor.Apply(Flat, new CorruptionSettings(kind, strength, offset), 1);

        var (mean, spread) = Moments(result.Image);
        mean.ShouldBe(0.4, 5 * Math.Sqrt(variance / Flat.Planes.Length));
        spread.ShouldBe(variance, 5 * variance * Math.Sqrt((kurtosis - 1) / Flat.Planes.Length));
        result.Model!.VarianceAt(0.4)!.Value.ShouldBe(variance, 1e-6);
        result.Strength.ShouldBe(strength);
        result.Valid.ShouldBeNull();
    }

    [Fact]
    public void Monte_Carlo_noise_should_have_the_mean_and_a_long_tail()
    {
        var image = Corruptor.Apply(Flat, new CorruptionSettings(CorruptionKind.MonteCarlo, 16), 1).Image;

        var (mean, variance) = Moments(image);
        var expected = 0.4 * 0.4 * (Math.Exp(2.25) - 1) / 16;
        mean.ShouldBe(0.4, 5 * Math.Sqrt(expected / Flat.Planes.Length));
        variance.ShouldBeInRange(0.5 * expected, 2 * expected); // its error is that of a fourth power with a long tail
        image.Planes.Count(value => value > 0.4 + (4 * Math.Sqrt(expected))).ShouldBeGreaterThan(100); // normal noise: 3
    }

    [Fact]
    public void Brown_noise_should_have_the_variance_and_shared_neighbours()
    {
        var image = Corruptor.Apply(Flat, new CorruptionSettings(CorruptionKind.Brown, 0.1), 1).Image;

        // 90,000 samples of which about 30 share one deviate: 5 standard errors of the variance are 13 %.
        Moments(image).Variance.ShouldBe(0.01, 0.0013);
        NoiseAnalysis.OfImage(image).Autocorrelation!.IsCorrelated.ShouldBeTrue();
    }

    [Theory]
    [InlineData(CorruptionKind.Bernoulli, 0.3)]
    [InlineData(CorruptionKind.Impulse, 0.7)]
    public void Whole_pixels_should_be_lost_with_the_stated_share(CorruptionKind kind, double share)
    {
        var result = Corruptor.Apply(Colour, new CorruptionSettings(kind, share), 1);

        var valid = result.Valid.ShouldNotBeNull();
        var area = valid.Length;
        ((double)valid.Count(good => !good)).ShouldBe(share * area, 5 * Math.Sqrt(share * (1 - share) * area));
        for (var i = 0; i < area; i++)
        {
            for (var c = 0; c < 3; c++)
            {
                var (before, after) = (Colour.Planes[(c * area) + i], result.Image.Planes[(c * area) + i]);
                (valid[i] ? after == before : kind == CorruptionKind.Impulse ? after is >= 0 and < 1 : after == 0).ShouldBeTrue();
            }
        }
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.4)]
    public void Text_should_cover_the_stated_share(double share)
    {
        var result = Corruptor.Apply(Colour, new CorruptionSettings(CorruptionKind.Text, share), 1);

        var valid = result.Valid.ShouldNotBeNull();
        ((double)valid.Count(good => !good) / valid.Length).ShouldBe(share, 0.01); // to within one sign
        Enumerable.Range(0, valid.Length).Where(i => valid[i]).ShouldAllBe(i => result.Image.Planes[i] == Colour.Planes[i]);
    }

    [Fact]
    public void Strength_should_be_drawn_from_the_range_for_each_frame()
    {
        var settings = new CorruptionSettings(CorruptionKind.Gaussian, new ParameterRange(0.02, 0.2));

        var strengths = Enumerable.Range(0, 200).Select(frame => Corruptor.Apply(ImageFixtures.Waves(1, 4, 4), settings, 1, frame).Strength).ToArray();

        strengths.ShouldAllBe(strength => strength >= 0.02 && strength < 0.2);
        strengths.Average().ShouldBe(0.11, 5 * 0.18 / Math.Sqrt(12 * 200));
        strengths.Distinct().Count().ShouldBe(200);
    }

    [Theory]
    [InlineData(CorruptionKind.Gaussian, 0.1)]
    [InlineData(CorruptionKind.Poisson, 30)]
    [InlineData(CorruptionKind.Affine, 0.01)]
    [InlineData(CorruptionKind.Bernoulli, 0.5)]
    [InlineData(CorruptionKind.Impulse, 0.5)]
    [InlineData(CorruptionKind.Text, 0.2)]
    [InlineData(CorruptionKind.Brown, 0.1)]
    [InlineData(CorruptionKind.MonteCarlo, 4)]
    public void The_same_seed_should_give_the_same_samples_and_other_frames_others(CorruptionKind kind, double strength)
    {
        var settings = new CorruptionSettings(kind, strength);
        var first = Corruptor.Apply(Colour, settings, 7).Image;

        Corruptor.Apply(Colour, settings, 7).Image.Planes.ShouldBe(first.Planes);
        Corruptor.Apply(Colour, settings, 7, frame: 1).Image.Planes.SequenceEqual(first.Planes).ShouldBeFalse();
        Corruptor.Apply(Colour, settings, 8).Image.Planes.SequenceEqual(first.Planes).ShouldBeFalse();
    }

    [Fact]
    public void Gaussian_corruption_should_be_the_plain_noise_of_the_same_seed() =>
        Corruptor.Apply(Colour, new CorruptionSettings(CorruptionKind.Gaussian, 0.1), 3).Image.Planes.ShouldBe(GaussianNoise.Corrupt(Colour, 0.1, 3).Planes);

    [Theory]
    [InlineData(CorruptionKind.Gaussian, -1, 1)]
    [InlineData(CorruptionKind.Gaussian, double.NaN, double.NaN)]
    [InlineData(CorruptionKind.Poisson, 0, 5)]
    [InlineData(CorruptionKind.Impulse, 0.5, 1.5)]
    [InlineData(CorruptionKind.Gaussian, 0.5, 0.1)]
    public void Impossible_settings_should_be_refused(CorruptionKind kind, double low, double high) =>
        Should.Throw<ArgumentException>(() => Corruptor.Apply(Flat, new CorruptionSettings(kind, new ParameterRange(low, high)), 1)).Message.ShouldContain("makes no sense");

    private static (double Mean, double Variance) Moments(ImageBuffer image)
    {
        var mean = image.Planes.Average(value => (double)value);
        return (mean, image.Planes.Average(value => (value - mean) * (value - mean)));
    }
}
