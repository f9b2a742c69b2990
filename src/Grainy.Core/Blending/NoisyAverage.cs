using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Core.Blending;

/// <summary>
/// The average of several exposures, or other perturbed copies, under a metric: the picture whose mean squared distance to all of them is smallest. The mean of pixels
/// takes the noise out and with it all fine grain; under a perceptual metric such a smooth picture is far from every exposure, so the average keeps the grain.
/// </summary>
public static class NoisyAverage
{
    /// <summary>Computes the average. One short slice per step of the iterator, on the device thread.</summary>
    /// <param name="exposures">2 to 64 of the same size. Grey is repeated to RGB; values are clipped to [0, 1].</param>
    /// <param name="options">How.</param>
    /// <param name="weights">For the metric.</param>
    /// <exception cref="MetricInputException">The images cannot be averaged, or not under that metric.</exception>
    /// <exception cref="WeightFormatException">The metric's weights are not installed.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside of its range.</exception>
    public static IEnumerable<AverageStep> Run(IReadOnlyList<ImageBuffer> exposures, AverageOptions options, WeightStore weights, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(exposures);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(weights);
        options.Validated(exposures.Count);
        var metric = BlendMetrics.Require(options.Metric, weights);
        return Iterate(PerceptualBlend.Prepared(exposures, options.Size), options, metric, weights, ct);
    }

    private static IEnumerable<AverageStep> Iterate(IReadOnlyList<ImageBuffer> exposures, AverageOptions options, string metric, WeightStore weights, CancellationToken ct)
    {
        var blend = new BlendOptions { Size = options.Size, Seed = options.Seed, StepsPerFrame = options.Steps, Reference = options.Reference };
        var target = new BlendTarget(0, [.. exposures.Select(_ => 1.0 / exposures.Count)]);
        using var context = new BlendContext(exposures, blend, metric, weights) { Minibatch = options.Minibatch ?? (options.Reference ? 1 : Math.Min(4, exposures.Count)) };
        using var procedure = new PublishedProcedure(context, target);
        using var group = new BlendGroup(context, [target]);
        foreach (var step in options.Reference ? procedure.Run(ct) : group.Run(ct))
        {
            yield return new AverageStep(step, step.FrameFinal ? Report(exposures, step.Picture!, target) : null);
        }
    }

    private static AverageReport Report(IReadOnlyList<ImageBuffer> exposures, ImageBuffer average, BlendTarget target)
    {
        var mean = PixelMix.Of(exposures, target.Weights);
        return new AverageReport(
            average, mean, [.. exposures.Select(GrainStatistics.Of)], GrainStatistics.Of(average), GrainStatistics.Of(mean));
    }
}
