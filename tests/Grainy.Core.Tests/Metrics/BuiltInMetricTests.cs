using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Distillation;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Metrics;

[LeavesNoTensors]
public sealed class BuiltInMetricTests
{
    private static readonly WeightStore NothingInstalled = new([]);

    [Fact]
    public void Builtin_should_grow_with_the_noise_without_any_installed_weights()
    {
        using var metric = new MetricCatalog(NothingInstalled).Create("builtin");
        var image = ImageFixtures.Waves(3, 96, 96);
        double Distance(double sigma) => metric.Measure(image, Noisy(image, sigma), new MetricOptions(), CancellationToken.None).Single().Value;

        Distance(0).ShouldBe(0, 1e-12);
        Distance(0.02).ShouldBeGreaterThan(0);
        Distance(0.06).ShouldBeGreaterThan(1.5 * Distance(0.02));
        Distance(0.2).ShouldBeGreaterThan(1.5 * Distance(0.06));
    }

    [Fact]
    public void Elpips_builtin_should_have_an_error_and_name_its_network_in_its_fingerprint()
    {
        using var metric = new MetricCatalog(NothingInstalled).Create("elpips-builtin");
        var image = ImageFixtures.Waves(3, 64, 64);

        var result = metric.Measure(image, Noisy(image, 0.1), new MetricOptions { Samples = 20 }, CancellationToken.None).Last();

        result.Value.ShouldBeGreaterThan(0);
        result.StandardError.ShouldNotBeNull().ShouldBeInRange(1e-6, result.Value);
        result.Fingerprint.ShouldStartWith("elpips; grainy-compact@");
        result.Fingerprint.ShouldContain("7 layers");
    }

    [Fact]
    public void Builtin_should_rank_the_example_pair_like_its_teacher()
    {
        using var metric = new MetricCatalog(NothingInstalled).Create("builtin");
        var reference = ReferenceImages.Load("lpips/ex_ref.png");
        double Distance(string other) =>
            metric.Measure(reference, ReferenceImages.Load($"lpips/{other}.png"), new MetricOptions(), CancellationToken.None).Single().Value;

        // LPIPS: 0.71 and 0.15.
        Distance("ex_p0").ShouldBeGreaterThan(1.5 * Distance("ex_p1"));
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Distillation_should_repeat_for_a_seed_and_change_all_weights()
    {
        var weights = ReferenceImages.Weights;
        DistillationUpdate[] Train(int steps) =>
            [.. PerceptualDistillation.Run(new DistillationSettings { Steps = steps, BatchSize = 8 }, [], [], weights, CancellationToken.None)];

        var (one, two, again) = (Train(1)[^1], Train(2), Train(2)[^1]);

        two.Select(update => update.Result is null).ShouldBe([true, false, true, false]);
        two.ShouldAllBe(update => update.Loss > 0 && update.Loss < 100);
        var result = two[^1].Result.ShouldNotBeNull();
        result.Agreement.ShouldBeNull();
        result.Weights.Keys.Order().ShouldBe(NothingInstalled.Require("builtin_perceptual").Tensors.Keys.Order());
        WeightHash.Of(result.Weights).ShouldBe(WeightHash.Of(again.Result!.Weights));
        // A head may move by less than half precision shows.
        result.Weights.Where(pair => pair.Key.EndsWith(".weight", StringComparison.Ordinal) && !pair.Key.StartsWith("lin", StringComparison.Ordinal)).ShouldAllBe(pair => !pair.Value.Values.SequenceEqual(one.Result!.Weights[pair.Key].Values));
    }

    [Fact]
    public void Rank_correlation_should_share_ranks_of_equal_values()
    {
        RankCorrelation.Of([1, 2, 3, 4], [10, 20, 30, 40]).ShouldBe(1, 1e-12);
        RankCorrelation.Of([1, 2, 3, 4], [4, 3, 2, 1]).ShouldBe(-1, 1e-12);
        // Ranks 0, 1.5, 1.5, 3 against 0, 1, 2, 3: 4.5 / √(4.5 · 5).
        RankCorrelation.Of([1, 2, 2, 3], [1, 2, 3, 4]).ShouldBe(4.5 / Math.Sqrt(22.5), 1e-12);
    }

    [Fact]
    public void Elpips_builtin_should_not_be_fooled_by_the_published_attack_on_lpips()
    {
        // LPIPS (squeeze) calls the attacked image nearer to the reference than one with a little noise: 0.0211 against 0.0219.
        using var metric = new MetricCatalog(NothingInstalled).Create("elpips-builtin");
        var reference = ReferenceImages.Load("elpips/adv_reference.png");
        MetricResult Distance(string other) => metric.Measure(
            reference, ReferenceImages.Load($"elpips/{other}.png"), new MetricOptions { Samples = 12 }, CancellationToken.None).Last();

        var (anchor, attacked) = (Distance("adv_anchor"), Distance("adv_vgg_sqz"));

        // The published ratio of E-LPIPS is about 5, and 12 samples leave an error of some 10 %.
        attacked.Value.ShouldBeGreaterThan(2 * anchor.Value);
    }

    private static ImageBuffer Noisy(ImageBuffer image, double sigma)
    {
        var random = new Random(3);
        return new ImageBuffer(image.Channels, image.Height, image.Width,
            [.. image.Planes.Select(value => (float)(value + (sigma * Math.Sqrt(12) * (random.NextDouble() - 0.5))))]);
    }
}
