using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Tensors;
using TorchSharp;

namespace Grainy.Core.Tests.Metrics.ELpips;

[LeavesNoTensors]
public sealed class ManyCandidatesTests
{
    private static readonly ImageBuffer Reference = ImageFixtures.Waves(3, 96, 100);

    [Fact]
    public void Candidates_should_be_ranked_under_the_same_transforms()
    {
        using var metric = Create("elpips-squeeze");
        ImageBuffer[] candidates = [Noisy(0.1), Noisy(0.05), Reference];

        var batch = metric.MeasureMany(Reference, candidates, new MetricOptions { Samples = 30 }, CancellationToken.None).Last();

        batch.Final.ShouldBeTrue();
        batch.Results.Select(result => (result.Samples, result.Final)).ShouldBe(Enumerable.Repeat((30, true), 3));
        batch.Results[2].Value.ShouldBe(0, 1e-12);
        batch.Differences.Select(difference => (difference.First, difference.Second)).ShouldBe([(2, 1), (1, 0)]);
        var last = batch.Differences[1];
        last.Difference.ShouldBe(batch.Results[0].Value - batch.Results[1].Value, 1e-12);
        last.StandardError.ShouldBeInRange(1e-9, batch.Results[0].StandardError!.Value + batch.Results[1].StandardError!.Value);
        last.StandardError.ShouldBeLessThan(Math.Sqrt(batch.Results.Take(2).Sum(result => Math.Pow(result.StandardError!.Value, 2))));
    }

    [Theory]
    [InlineData("elpips-squeeze")]
    [InlineData("elpips-builtin")]
    [InlineData("lpips-alex")]
    [InlineData("psnr")]
    public void Values_should_be_those_of_single_measurements(string name)
    {
        using var metric = Create(name);
        ImageBuffer[] candidates = [Noisy(0.1), Noisy(0.05)];
        var options = new MetricOptions { Samples = 12 };

        var batch = metric.MeasureMany(Reference, candidates, options, CancellationToken.None).Last();

        for (var i = 0; i < candidates.Length; i++)
        {
            var alone = metric.Measure(candidates[i], Reference, options, CancellationToken.None).Last();
            batch.Results[i].Value.ShouldBe(alone.Value, 1e-6 * alone.Value); // other batches, other rounding
            batch.Results[i].Fingerprint.ShouldBe(alone.Fingerprint);
        }
    }

    [Fact]
    public void Measure_should_give_the_same_bytes_whatever_else_runs()
    {
        using var metric = Create("elpips-squeeze");
        var options = new MetricOptions { Samples = 10 };
        var quiet = metric.Measure(Reference, Noisy(0.1), options, CancellationToken.None).Last();

        using var other = Create("elpips-builtin");
        using var busy = metric.Measure(Reference, Noisy(0.1), options, CancellationToken.None).GetEnumerator();
        MetricResult? last = null;
        while (busy.MoveNext())
        {
            last = busy.Current;
            // Another measurement and other draws between the slices.
            other.Measure(Reference, Noisy(0.02), new MetricOptions { Samples = 3, Seed = 99 }, CancellationToken.None).Last().Final.ShouldBeTrue();
            using var noise = torch.rand(10);
        }

        last.ShouldNotBeNull().Value.ShouldBe(quiet.Value);
        last.PerLayer.ShouldBe(quiet.PerLayer);
        last.Continuation.ShouldBe(quiet.Continuation);
    }

    [Fact]
    public void Candidates_should_be_refused_in_one_sentence()
    {
        using var metric = Create("elpips-squeeze");
        string Refusal(MetricOptions options, params ImageBuffer[] candidates) =>
            Should.Throw<ArgumentException>(() => metric.MeasureMany(Reference, candidates, options, CancellationToken.None).Count()).Message;

        Refusal(new MetricOptions()).ShouldStartWith("There is no candidate to compare: give at least one image besides the reference.");
        Refusal(new MetricOptions(), Reference, ImageFixtures.Waves(3, 96, 101))
            .ShouldBe("The images differ in size (101 × 96 and 100 × 96): crop or scale one of them first.");
        Refusal(new MetricOptions { Scales = 8 }, Reference).ShouldBe(
            "At scale 8 images of 100 × 96 shrink to 13 pixels, but elpips-squeeze needs 24 there: ask for scales up to 1, or choose larger images.");
    }

    private static IMetric Create(string name) => new MetricCatalog(ReferenceImages.Weights).Create(name);

    private static ImageBuffer Noisy(double sigma)
    {
        using var scope = torch.NewDisposeScope();
        using var generator = new SeedSequence(5).For("noise");
        var noise = torch.randn(3L * 96 * 100, generator: generator).data<float>().ToArray();
        return new ImageBuffer(3, 96, 100, [.. Reference.Planes.Zip(noise, (sample, n) => (float)(sample + (sigma * n)))]);
    }
}
