namespace Grainy.Core.Metrics.ELpips;

/// <summary>
/// Error of a mean over batches whose common scale was drawn by a known law. The law says how much the draw of scales alone spreads the mean, better than the
/// few scales that happened to be drawn: ten batches without a single one of a rare scale would look far too exact.
/// </summary>
/// <remarks>
/// The variance of a batch is Σ P(s)·m(s)² − (Σ P(s)·m(s))² between the scales, plus what the batches of one scale spread among themselves, pooled. A scale that no
/// batch has had stands in with the trend over the others, m(s) ∝ s^k; with one scale alone it stands in with 0, the least that a distance can be, which widens
/// the interval until another one has been met.
/// </remarks>
internal static class BatchError
{
    private const double SteepestFall = -4;
    private const double SteepestRise = 1;

    /// <summary>Mean of a batch at every scale, stand-ins included.</summary>
    /// <param name="batches">Batches per scale, from scale 1.</param>
    /// <param name="sums">Their values added up, per scale.</param>
    public static double[] Means(int[] batches, double[] sums)
    {
        var met = Enumerable.Range(0, batches.Length).Where(i => batches[i] > 0).ToArray();
        var means = sums.Select((sum, i) => batches[i] > 0 ? sum / batches[i] : 0).ToArray();
        if (met.Length < 2 || met.Length == batches.Length || met.Any(i => means[i] <= 0))
        {
            return means;
        }

        double total = met.Sum(i => batches[i]);
        var scale = met.Sum(i => batches[i] * Math.Log(i + 1)) / total;
        var level = met.Sum(i => batches[i] * Math.Log(means[i])) / total;
        var rise = met.Sum(i => batches[i] * (Math.Log(i + 1) - scale) * (Math.Log(means[i]) - level));
        var slope = Math.Clamp(rise / met.Sum(i => batches[i] * Math.Pow(Math.Log(i + 1) - scale, 2)), SteepestFall, SteepestRise);
        return [.. means.Select((mean, i) => batches[i] > 0 ? mean : Math.Exp(level + (slope * (Math.Log(i + 1) - scale))))];
    }

    /// <summary>Standard error of the mean of a batch, widened for few degrees of freedom; not a number while it cannot be known.</summary>
    /// <param name="probabilities">Law of the scales.</param>
    /// <param name="batches">Batches per scale.</param>
    /// <param name="sums">Their values added up, per scale.</param>
    /// <param name="squares">The squares of all values added up.</param>
    /// <param name="means">Per scale; see <see cref="Means"/>.</param>
    public static double OfMean(double[] probabilities, int[] batches, double[] sums, double squares, double[] means)
    {
        var (count, degrees) = (batches.Sum(), batches.Sum() - batches.Count(number => number > 0));
        if (degrees < 1)
        {
            return double.NaN;
        }

        var within = Math.Max(0, squares - sums.Select((sum, i) => batches[i] > 0 ? sum * sum / batches[i] : 0).Sum()) / degrees;
        var mean = probabilities.Zip(means, (probability, value) => probability * value).Sum();
        var between = probabilities.Zip(means, (probability, value) => probability * (value - mean) * (value - mean)).Sum();
        var variance = within + between;
        return within == 0 ? Math.Sqrt(variance / count) : Math.Sqrt(variance / count) * StudentFactor.Of(variance * variance * degrees / (within * within));
    }
}
