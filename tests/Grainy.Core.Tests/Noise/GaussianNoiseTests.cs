using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Tests.Noise;

public sealed class GaussianNoiseTests
{
    private static readonly ImageBuffer Grey = ImageFixtures.Make(1, 400, 500, (_, _, _) => 0.5);

    [Fact]
    public void Noise_should_have_the_stated_moments_and_no_memory()
    {
        const double sigma = 0.1;
        var noise = GaussianNoise.Corrupt(Grey, sigma, 1).Planes.Select(value => (value - 0.5) / sigma).ToArray();
        var n = noise.Length;

        // 5 standard errors each: a correct generator fails one of the five in 350,000 seeds.
        noise.Average().ShouldBe(0, 5 / Math.Sqrt(n));
        noise.Average(z => z * z).ShouldBe(1, 5 * Math.Sqrt(2.0 / n));
        noise.Average(z => z * z * z).ShouldBe(0, 5 * Math.Sqrt(15.0 / n));
        noise.Average(z => z * z * z * z).ShouldBe(3, 5 * Math.Sqrt(96.0 / n));
        noise.Skip(1).Zip(noise, (a, b) => a * b).Average().ShouldBe(0, 5 / Math.Sqrt(n));
    }

    [Fact]
    public void Noise_should_follow_the_normal_distribution()
    {
        var noise = GaussianNoise.Corrupt(Grey, 1, 2).Planes.Select(value => value - 0.5).Order().ToArray();

        // Kolmogorov and Smirnov: D·√n above 2.2 happens once in 8,000 seeds to a correct generator. Quantiles of the normal distribution, from tables.
        (double Z, double Probability)[] table = [(-3, 0.0013499), (-2, 0.0227501), (-1, 0.1586553), (0, 0.5), (1, 0.8413447), (2, 0.9772499), (3, 0.9986501)];
        foreach (var (z, probability) in table)
        {
            ((double)noise.Count(value => value < z) / noise.Length).ShouldBe(probability, 2.2 / Math.Sqrt(noise.Length));
        }
    }

    [Fact]
    public void The_same_seed_should_give_the_same_noise_and_another_one_other_noise()
    {
        var first = GaussianNoise.Corrupt(Grey, 0.1, 7);

        GaussianNoise.Corrupt(Grey, 0.1, 7).Planes.ShouldBe(first.Planes);
        GaussianNoise.Corrupt(Grey, 0.1, 8).Planes.Zip(first.Planes).Count(pair => pair.First == pair.Second).ShouldBeLessThan(100);
    }

    [Fact]
    public void Noise_should_not_be_clipped() =>
        GaussianNoise.Corrupt(Grey, 1, 1).Planes.Count(value => value is < 0 or > 1).ShouldBeGreaterThan(100_000);

    [Fact]
    public void No_noise_should_change_nothing() => GaussianNoise.Corrupt(Grey, 0, 1).Planes.ShouldBe(Grey.Planes);

    [Theory]
    [InlineData(-0.1)]
    [InlineData(double.NaN)]
    public void Impossible_sigma_should_be_refused(double sigma) => Should.Throw<ArgumentOutOfRangeException>(() => GaussianNoise.Corrupt(Grey, sigma, 1));

    [Theory]
    [InlineData(0.3)]
    [InlineData(4)]
    [InlineData(9.9)]
    [InlineData(10.1)]
    [InlineData(250)]
    public void Poisson_counts_should_have_mean_and_variance_equal_to_the_rate(double rate)
    {
        const int samples = 200_000;
        var random = CounterRandom.For(3, "test.poisson");
        double sum = 0, squares = 0;
        for (var i = 0; i < samples; i++)
        {
            var count = random.NextPoisson(rate);
            sum += count;
            squares += (count - rate) * (count - rate);
        }

        // 5 standard errors: a correct generator fails one seed in 1.7 million.
        (sum / samples).ShouldBe(rate, 5 * Math.Sqrt(rate / samples));
        (squares / samples).ShouldBe(rate, 5 * Math.Sqrt((rate + (2 * rate * rate)) / samples));
    }

    [Fact]
    public void Uniform_numbers_should_be_the_published_sequence()
    {
        // SplitMix64 with seed 1234567: the first outputs that its reference implementation (public domain, S. Vigna 2015) prints.
        var random = new CounterRandom(1234567);

        ulong[] bits = [random.NextBits(), random.NextBits(), random.NextBits()];

        bits.ShouldBe([6457827717110365317UL, 3203168211198807973UL, 9817491932198370423UL]);
    }
}
