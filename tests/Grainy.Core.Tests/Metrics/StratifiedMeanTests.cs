using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Tests.Metrics;

public sealed class StratifiedMeanTests
{
    // Like the example pair 'anchor': far apart between the scales, close within.
    private static readonly double[] Means = [0.0237, 0.0076, 0.0029, 0.0014, 0.0008];
    private static readonly double[] Deviations = [0.0063, 0.0031, 0.0014, 0.0007, 0.0004];

    [Fact]
    public void Error_should_be_the_spread_of_repeated_estimates()
    {
        const int repeats = 2000;
        var estimates = Enumerable.Range(0, repeats).Select(repeat => Estimate(60, (ulong)repeat)).ToArray();
        var truth = ELpipsSampler.Probabilities(5).Zip(Means, (p, mean) => p * mean).Sum();
        var average = estimates.Average(estimate => estimate.Value);
        var spread = Math.Sqrt(estimates.Average(estimate => Math.Pow(estimate.Value - truth, 2)));

        // The mean of 2,000 estimates: five standard errors. A spread from 2,000 has a relative error of 1.6 %, the reported one some 0.5 %: five of them.
        average.ShouldBe(truth, 5 * spread / Math.Sqrt(repeats));
        Math.Sqrt(estimates.Average(estimate => Math.Pow(estimate.StandardError!.Value, 2))).ShouldBe(spread, 0.085 * spread);
    }

    [Fact]
    public void Strata_should_halve_the_error_where_distances_depend_on_scale()
    {
        var stratified = Enumerable.Range(0, 200).Average(repeat => Estimate(100, (ulong)repeat).StandardError!.Value);
        var probabilities = ELpipsSampler.Probabilities(5);
        var mean = probabilities.Zip(Means, (p, m) => p * m).Sum();
        var variance = Enumerable.Range(0, 5).Sum(s => probabilities[s] * (Math.Pow(Deviations[s], 2) + Math.Pow(Means[s] - mean, 2)));

        stratified.ShouldBeLessThan(0.75 * Math.Sqrt(variance / 100));
    }

    [Fact]
    public void Few_samples_should_be_independent_draws()
    {
        var mean = new StratifiedMean(5, 9);
        mean.Description.ShouldBe("independent");
        mean.Add(3, [1, 2]);
        mean.StandardError.ShouldBeNull();
        mean.Add(1, [2, 3]);

        (mean.Value, mean.StandardError).ShouldBe((4.0, 1.0));
        mean.PerLayer(2).ShouldBe([1.5, 2.5]);
    }

    private static StratifiedMean Estimate(int samples, ulong seed)
    {
        var random = new RandomStream(seed * 7919);
        var mean = new StratifiedMean(5, samples);
        while (mean.Count < samples)
        {
            var scale = mean.NextScale(random);
            // The sum of twelve uniform numbers is close to a normal one.
            var normal = Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
            mean.Add(scale, [Means[scale - 1] + (Deviations[scale - 1] * normal)]);
        }

        return mean;
    }
}
