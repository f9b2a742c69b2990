using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Tests.Metrics.ELpips;

public sealed class BatchErrorTests
{
    private const int Repeats = 4000;

    // A right interval covers with a deviation of 0.0034 in so many repeats. Stand-ins and few degrees of freedom cost up to 0.02 (a simulation of each case with
    // 20,000 repeats: 0.961, 0.957, 0.950, 0.965); an error from the spread of the batches alone covers 0.90 in the first case.
    [Theory]
    [InlineData(10, 0.0237, 0.0076)]
    [InlineData(20, 0.0237, 0.0076)]
    [InlineData(20, 0.0237, 0.0076, 0.0029, 0.0014, 0.0008)]
    [InlineData(10, 0.0861, 0.0924, 0.0932, 0.0954)]
    public void Interval_should_cover_the_mean_of_the_law_when_few_batches_met_few_scales(int count, params double[] means)
    {
        var probabilities = ELpipsSampler.Probabilities(means.Length);
        var truth = probabilities.Zip(means, (probability, mean) => probability * mean).Sum();
        var random = new RandomStream(7);
        var covered = 0;
        for (var repeat = 0; repeat < Repeats; repeat++)
        {
            var (batches, sums, squares) = (new int[means.Length], new double[means.Length], 0.0);
            for (var batch = 0; batch < count; batch++)
            {
                var scale = ELpipsSampler.Scale(probabilities, random) - 1;
                var value = means[scale] * (1 + (0.1 * Normal(random)));
                batches[scale]++;
                sums[scale] += value;
                squares += value * value;
            }

            var error = BatchError.OfMean(probabilities, batches, sums, squares, BatchError.Means(batches, sums));
            covered += Math.Abs((sums.Sum() / count) - truth) <= 1.96 * error ? 1 : 0;
        }

        (covered / (double)Repeats).ShouldBeInRange(0.935, 0.98);
    }

    [Fact]
    public void Error_should_be_unknown_when_every_batch_has_a_scale_of_its_own() =>
        BatchError.OfMean([0.8, 0.2], [1, 1], [1, 0.5], 1.25, [1, 0.5]).ShouldBe(double.NaN);

    private static double Normal(RandomStream random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
