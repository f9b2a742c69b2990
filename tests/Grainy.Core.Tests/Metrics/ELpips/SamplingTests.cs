using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Tests.Metrics.ELpips;

/// <summary>What the standard errors are worth, on <see cref="StandIn"/>.</summary>
public sealed class SamplingTests
{
    private const int Repeats = 2000;

    public static TheoryData<string, int, double?> Budgets => new()
    {
        { nameof(StandIn.Noisy), 60, null },
        { nameof(StandIn.Noisy), 200, null },
        { nameof(StandIn.Unlike), 60, null },
        { nameof(StandIn.Unlike), 200, null },
        { nameof(StandIn.Noisy), 5000, 0.025 },
        { nameof(StandIn.Unlike), 5000, 0.025 },
    };

    // 2,000 repeats of intervals that cover in 95 % leave [93 %, 97 %] once in 25,000.
    [Theory]
    [MemberData(nameof(Budgets))]
    public void Intervals_of_stratified_sampling_should_cover_the_truth_in_95_percent(string pair, int samples, double? target)
    {
        var standIn = Named(pair);
        var estimates = Enumerable.Range(0, Repeats)
            .Select(repeat => standIn.Estimate(Stratified(standIn, (ulong)repeat, samples), samples, target)).ToArray();


        Coverage(estimates, standIn.Truth).ShouldBeInRange(0.93, 0.97);
    }

    [Theory]
    [InlineData(nameof(StandIn.Noisy), 200)]
    [InlineData(nameof(StandIn.Noisy), 300)]
    [InlineData(nameof(StandIn.Unlike), 200)]
    public void Intervals_of_reference_sampling_should_cover_the_truth_in_95_percent(string pair, int samples)
    {
        var standIn = Named(pair);
        var estimates = Enumerable.Range(0, Repeats).Select(repeat => standIn.Estimate(new ReferenceSampling((ulong)repeat, standIn.Scales, 1, 2), samples)).ToArray();

        Coverage(estimates, standIn.Truth).ShouldBeInRange(0.93, 0.97);
    }

    private static StandIn Named(string pair) => pair == nameof(StandIn.Noisy) ? StandIn.Noisy : StandIn.Unlike;

    private static StratifiedSampling Stratified(StandIn standIn, ulong seed, int samples) => new(seed, standIn.Scales, samples, 1, 2);

    private static double Coverage(IEnumerable<SampleEstimate> estimates, double truth) =>
        estimates.Average(estimate => Math.Abs(estimate.Value - truth) <= 1.96 * estimate.StandardError!.Value ? 1.0 : 0);
}
