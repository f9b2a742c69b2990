using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;

namespace Grainy.Core.Tests.Metrics.ELpips;

/// <summary>
/// Distances with the statistics of real ones, in a microsecond: a mean per scale, powers of the channel factors, and noise for all else. The numbers were
/// fitted to 400 to 800 samples of elpips-squeeze per pair and scale.
/// </summary>
/// <param name="Means">At each scale.</param>
/// <param name="Powers">Of the three factors.</param>
/// <param name="Noise">Deviation of what the factors do not explain, as a share of the mean.</param>
internal sealed record StandIn(double[] Means, double[] Powers, double Noise)
{
    /// <summary>Like adv_anchor and adv_reference: the distance falls steeply with the scale.</summary>
    public static StandIn Noisy { get; } = new([0.02366, 0.00757, 0.00287, 0.00138, 0.00077], [0.388, 0.576, -0.016], 0.062);

    /// <summary>Like cat and dog: scales hardly matter, and the factors explain less.</summary>
    public static StandIn Unlike { get; } = new([0.0861, 0.0924, 0.0932, 0.0954], [0.400, 0.349, 0.011], 0.125);

    public int Scales => Means.Length;

    /// <summary>The mean over all transforms.</summary>
    public double Truth => ELpipsSampler.Probabilities(Scales).Zip(Means, (p, mean) => p * mean).Sum();

    /// <summary>The distance under a transform, in two layers of which the second is a third.</summary>
    public double[] Distance(PictureDraw draw)
    {
        var (r, g, b) = draw.Transform.Factors;
        var random = new RandomStream(draw.Dropout!.Value);
        // The sum of twelve uniform numbers is close to a normal one.
        var normal = Enumerable.Range(0, 12).Sum(_ => random.NextDouble()) - 6;
        var distance = Means[draw.Transform.Scale - 1] * Relative(r, 0) * Relative(g, 1) * Relative(b, 2) * (1 + (Noise * normal));
        return [distance * 2 / 3, distance / 3];
    }

    /// <summary>Draws until <paramref name="samples"/> are there, or the interval is narrow enough.</summary>
    public SampleEstimate Estimate(IEnsembleSampling sampling, int samples, double? target = null)
    {
        while (sampling.Count < samples)
        {
            sampling.Add([Distance(sampling.Group[sampling.TakenOfGroup])]);
            if (target is { } share && sampling.MayStop && sampling.Estimate(0) is var so && 1.96 * so.StandardError <= share * so.Value)
            {
                break;
            }
        }

        return sampling.Estimate(0);
    }

    // A power of a factor over its mean: ∫ f^a / 0.8 over 0.2 … 1.
    private double Relative(float factor, int channel)
    {
        var power = Powers[channel];
        return Math.Pow(factor, power) * 0.8 * (power + 1) / (1 - Math.Pow(0.2, power + 1));
    }
}
