using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Tests.Metrics;

namespace Grainy.Core.Tests.Blending;

[LeavesNoTensors]
[Trait("Category", "slow")]
public sealed class NoisyAverageTests
{
    [Fact]
    public void Average_of_two_noisy_copies_should_keep_the_grain_that_the_mean_of_pixels_loses()
    {
        var report = Average([Noisy(1), Noisy(2)], 30);

        report.FineKeptByMean.ShouldBe(0.5, 0.06);
        report.FineKept.ShouldBeInRange(0.8, 1.3);
    }

    [Fact]
    public void Average_should_take_exposures_in_turns_and_report_the_grain_of_each()
    {
        ImageBuffer[] exposures = [Noisy(1), Noisy(2), Noisy(3), Noisy(4), Noisy(5)];
        var options = new AverageOptions { Steps = 10, Minibatch = 2, Metric = "builtin" };

        var steps = NoisyAverage.Run(exposures, options, ReferenceImages.Weights, CancellationToken.None).ToArray();

        var report = steps[^1].Report.ShouldNotBeNull();
        report.Exposures.Count.ShouldBe(5);
        report.FineKeptByMean.ShouldBe(0.2, 0.05);
        report.FineKept.ShouldBeGreaterThan(report.FineKeptByMean);
        steps.Count(step => step.Report is not null).ShouldBe(1);
        // Samples beyond white and black were clipped first.
        ImageFixtures.MeanSquaredError(report.PixelMean, PixelMix.Of(exposures, [0.2, 0.2, 0.2, 0.2, 0.2])).ShouldBeLessThan(1e-6);
    }

    // Two strips, bright and dark, whose edge lies four pixels further right in the second image. Where the profile across has its steepest places, there are edges.
    [Fact]
    public void Average_of_shifted_images_should_show_one_edge_where_the_mean_of_pixels_shows_two()
    {
        ImageBuffer[] images = [Edge(0), Edge(4)];
        var options = new BlendOptions { Frames = [new BlendTarget(0, [0.5, 0.5])], Size = 96, StepsPerFrame = 30 };

        var frame = PerceptualBlend.Run(images, options, ReferenceImages.Weights, CancellationToken.None).Last(step => step.Picture is not null);

        EdgeCount.Of(PixelMix.Of(images, [0.5, 0.5])).ShouldBe(2);
        EdgeCount.Of(frame.Picture!).ShouldBe(1);
        frame.Energy.ShouldBeLessThan(0.5 * frame.MixEnergy);
    }

    private static AverageReport Average(ImageBuffer[] exposures, int steps) =>
        NoisyAverage.Run(exposures, new AverageOptions { Steps = steps }, ReferenceImages.Weights, CancellationToken.None).Last().Report!;

    private static ImageBuffer Noisy(int number)
    {
        var random = new SeedSequence(3).ManagedFor("noise", number);
        return ImageFixtures.Make(3, 96, 96, (c, y, x) =>
            0.5 + (0.15 * Math.Sin(0.2 * x) * Math.Cos((0.15 + (0.02 * c)) * y)) + (0.1 * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble())));
    }

    private static ImageBuffer Edge(int shift) => ImageFixtures.Make(3, 96, 96, (c, y, x) =>
        0.3 + (0.05 * c) + (0.4 / (1 + Math.Exp(-(x - 46 - shift) / 0.6))) + (0.04 * Math.Sin(0.9 * (x - shift)) * Math.Sin((0.7 + (0.1 * c)) * y)));
}
