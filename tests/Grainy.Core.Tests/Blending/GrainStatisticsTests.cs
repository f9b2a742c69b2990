using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Tensors;

namespace Grainy.Core.Tests.Blending;

public sealed class GrainStatisticsTests
{
    [Fact]
    public void Of_should_measure_white_noise_as_white()
    {
        var statistics = GrainStatistics.Of(Noise(1, 0.1));

        // 192 × 256 samples of each of three channels: the variance is known to 0.4 % (one standard error; windows waste some), 5 % is beyond ten of them.
        statistics.Variance.ShouldBe(0.01, 0.0005);
        // All but a disk of a quarter of the sampling rate: 1 − π/16.
        statistics.FineShare.ShouldBe(1 - (Math.PI / 16), 0.02);
        statistics.Frequencies[^1].ShouldBeInRange(0.66, 0.72);
        statistics.Power.Skip(4).Take(28).ShouldAllBe(power => power > 0.7 * statistics.Power.Average() && power < 1.4 * statistics.Power.Average());
    }

    [Fact]
    public void Of_should_halve_the_variance_of_the_mean_of_two_noises_and_keep_a_wave_out_of_the_fine_part()
    {
        var (a, b) = (Noise(1, 0.1), Noise(2, 0.1));
        GrainStatistics.Of(PixelMix.Of([a, b], [0.5, 0.5])).FineVariance.ShouldBe(0.5 * GrainStatistics.Of(a).FineVariance, 0.03 * GrainStatistics.Of(a).FineVariance);

        var wave = GrainStatistics.Of(ImageFixtures.Make(1, 128, 128, (_, _, x) => 0.5 + (0.2 * Math.Sin(2 * Math.PI * x / 8))));
        wave.Variance.ShouldBe(0.02, 0.001);
        wave.FineShare.ShouldBeLessThan(0.001);
        wave.Frequencies[Enumerable.Range(0, wave.Power.Count).MaxBy(ring => wave.Power[ring])].ShouldBe(0.125, 0.016);
    }

    [Fact]
    public void Of_should_refuse_a_tiny_image() =>
        Should.Throw<ArgumentException>(() => GrainStatistics.Of(ImageFixtures.Waves(1, 31, 64))).Message.ShouldStartWith("Grain is measured on at least 32 × 32 pixels");

    internal static ImageBuffer Noise(ulong seed, double sigma, int height = 192, int width = 256)
    {
        var random = new SeedSequence(seed).ManagedFor("noise");
        return ImageFixtures.Make(3, height, width, (_, _, _) => 0.5 + (sigma * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
    }
}
