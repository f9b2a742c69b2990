using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Tests.Metrics.ELpips;

[LeavesNoTensors]
public sealed class ContinuationTests
{
    // 128 pixels: two scales.
    private static readonly ImageBuffer First = ImageFixtures.Waves(3, 128, 132);
    private static readonly ImageBuffer Second = ReferenceImages.Synthetic(7, 13, 29, 0, 128, 132);

    [Theory]
    [InlineData(Sampling.Stratified, new[] { 2 })]
    [InlineData(Sampling.Stratified, new[] { 5, 19, 31 })]
    [InlineData(Sampling.Reference, new[] { 10, 30 })]
    public void Continued_measurements_should_end_with_the_bytes_of_an_uninterrupted_one(Sampling sampling, int[] stops)
    {
        using var metric = Create();
        string? state = null;
        foreach (var stop in stops)
        {
            state = Measure(metric, new MetricOptions { Samples = stop, Sampling = sampling, ContinueFrom = state }).Continuation.ShouldNotBeNull();
        }

        var continued = Measure(metric, new MetricOptions { Samples = 40, Sampling = sampling, ContinueFrom = state });
        var straight = Measure(metric, new MetricOptions { Samples = 40, Sampling = sampling });

        ShouldBeSame(continued, straight);
        continued.Samples.ShouldBe(40);
    }

    [Fact]
    public void Measurements_should_be_continued_to_a_smaller_error()
    {
        using var metric = Create();
        var rough = Measure(metric, new MetricOptions { TargetError = 0.15 });

        var fine = Measure(metric, new MetricOptions { TargetError = 0.015, ContinueFrom = rough.Continuation });

        rough.StandardError.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(0.15 / 1.96 * rough.Value);
        fine.StandardError.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(0.015 / 1.96 * fine.Value);
        fine.Samples.ShouldBeGreaterThan(rough.Samples);
        ShouldBeSame(fine, Measure(metric, new MetricOptions { TargetError = 0.015 }));
        Measure(metric, new MetricOptions { TargetError = 0.0001, MostSamples = rough.Samples + 3, ContinueFrom = rough.Continuation })
            .Samples.ShouldBe(rough.Samples + 3);
    }

    [Fact]
    public void Nothing_should_be_drawn_where_enough_is_known()
    {
        using var metric = Create();
        var known = Measure(metric, new MetricOptions { Samples = 30 });

        var again = Measure(metric, new MetricOptions { Samples = 10, ContinueFrom = known.Continuation });

        ShouldBeSame(again, known);
    }

    [Fact]
    public void States_of_others_should_be_refused_in_one_sentence()
    {
        using var metric = Create();
        var state = Measure(metric, new MetricOptions { Samples = 20 }).Continuation!;

        const string others = "The state to continue from belongs to other images, another metric or other settings: measure from the beginning.";
        const string damaged = "The state to continue from is damaged or of another version: measure from the beginning.";
        Refusal(new MetricOptions { Seed = 2, ContinueFrom = state }).ShouldStartWith(others);
        Refusal(new MetricOptions { Sampling = Sampling.Reference, ContinueFrom = state }).ShouldStartWith(others);
        Refusal(new MetricOptions { ContinueFrom = "elpips1" }).ShouldBe(damaged);
        Refusal(new MetricOptions { ContinueFrom = state[..^40] }).ShouldBe(damaged);
        var parts = state.Split(':');
        Refusal(new MetricOptions { ContinueFrom = string.Join(':', parts[0], parts[1], "2000000000,2000000000", parts[3], parts[4]) }).ShouldBe(damaged);
        Refusal(new MetricOptions { ContinueFrom = string.Join(':', parts[0], parts[1], parts[2], "9,9,9", parts[4]) }).ShouldBe(damaged);
        var continued = new MetricOptions { ContinueFrom = state };
        Should.Throw<ArgumentException>(() => metric.MeasureMany(First, [First, Second], continued, CancellationToken.None).Count()).Message
            .ShouldStartWith("Only a measurement of one candidate can be continued: measure several from the beginning.");

        string Refusal(MetricOptions options) =>
            Should.Throw<ArgumentException>(() => metric.Measure(First, Second, options, CancellationToken.None).Count()).Message;
    }

    [Fact]
    public void States_should_have_at_most_four_KiB_even_for_many_scales_and_layers()
    {
        var stratified = new StratifiedSampling(1, 46, 1000, 1, 14);
        var reference = new ReferenceSampling(1, 46, 1, 14);
        foreach (var sampling in new IEnsembleSampling[] { stratified, reference })
        {
            while (sampling.Count < 400)
            {
                sampling.Add([[.. Enumerable.Range(0, 14).Select(layer => Math.Sin(sampling.Count + layer) + 2)]]);
            }

            sampling.State(0).ShouldNotBeNull().ToText(new string('f', 16)).Length.ShouldBeLessThanOrEqualTo(4096);
        }
    }

    private static IMetric Create() => new MetricCatalog(ReferenceImages.Weights).Create("elpips-squeeze");

    private static MetricResult Measure(IMetric metric, MetricOptions options) => metric.Measure(First, Second, options, CancellationToken.None).Last();

    private static void ShouldBeSame(MetricResult actual, MetricResult expected)
    {
        (actual with { PerLayer = [], Attribution = null }).ShouldBe(expected with { PerLayer = [], Attribution = null });
        actual.PerLayer.ShouldBe(expected.PerLayer);
        actual.Attribution.ShouldNotBeNull().ShouldBe(expected.Attribution.ShouldNotBeNull());
    }
}
