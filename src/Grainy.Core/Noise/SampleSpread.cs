using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>Where an image's samples lie, and whether they were cut off.</summary>
/// <param name="Lowest">Smallest sample.</param>
/// <param name="Highest">Largest sample.</param>
/// <param name="Mean">Of all samples.</param>
/// <param name="Low">Quantile of 0.1 %.</param>
/// <param name="High">Quantile of 99.9 %.</param>
/// <param name="AtLowest">Share of samples that are exactly the lowest of their channel, in [0, 1]; noise that is not clipped ends in single samples.</param>
/// <param name="AtHighest">Share of samples that are exactly the highest of their channel.</param>
/// <param name="Step">Smallest distance of two different samples met: the file's rounding; 0 for a constant image.</param>
/// <param name="Changes">Share of samples that differ from their left neighbour.</param>
public sealed record SampleSpread(double Lowest, double Highest, double Mean, double Low, double High, double AtLowest, double AtHighest, double Step, double Changes)
{
    private const int MostSamples = 250_000;

    /// <summary>True when all samples are equal.</summary>
    public bool IsConstant => Lowest == Highest;

    internal static SampleSpread Of(ImageBuffer image)
    {
        var (lowest, highest, sum) = (float.PositiveInfinity, float.NegativeInfinity, 0.0);
        double atLowest = 0, atHighest = 0;
        long changes = 0;
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            var (low, high) = (float.PositiveInfinity, float.NegativeInfinity);
            var before = plane[0];
            foreach (var sample in plane)
            {
                changes += sample != before ? 1 : 0;
                before = sample;
                low = Math.Min(low, sample);
                high = Math.Max(high, sample);
                sum += sample;
            }

            atLowest += plane.Count(low);
            atHighest += plane.Count(high);
            (lowest, highest) = (Math.Min(lowest, low), Math.Max(highest, high));
        }

        var count = image.Planes.Length;
        var every = Math.Max(1, count / MostSamples);
        var some = new float[(count + every - 1) / every];
        for (var i = 0; i < some.Length; i++)
        {
            some[i] = image.Planes[i * every];
        }

        Array.Sort(some);
        return new SampleSpread(
            lowest, highest, sum / count, some[(int)(0.001 * (some.Length - 1))], some[(int)(0.999 * (some.Length - 1))],
            atLowest / count, atHighest / count, StepOf(some), changes / (double)count);
    }

    private static double StepOf(float[] sorted)
    {
        var step = double.PositiveInfinity;
        for (var i = 1; i < sorted.Length; i++)
        {
            if (sorted[i] > sorted[i - 1])
            {
                step = Math.Min(step, (double)sorted[i] - sorted[i - 1]);
            }
        }

        return double.IsFinite(step) ? step : 0;
    }
}
