using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>An average under the metric beside the mean of pixels.</summary>
/// <param name="Average">Under the metric.</param>
/// <param name="PixelMean">Of the same size.</param>
/// <param name="Exposures">Grain of each exposure at that size.</param>
/// <param name="OfAverage">Grain of <paramref name="Average"/>.</param>
/// <param name="OfPixelMean">Grain of <paramref name="PixelMean"/>.</param>
public sealed record AverageReport(
    ImageBuffer Average, ImageBuffer PixelMean, IReadOnlyList<GrainStatistics> Exposures, GrainStatistics OfAverage, GrainStatistics OfPixelMean)
{
    /// <summary>Variance in the upper half of the spectrum that the average keeps, relative to the mean of the exposures'; 1 is all of it.</summary>
    public double FineKept => Kept(OfAverage);

    /// <summary>The same of the mean of pixels: 1 / n where there is nothing but noise.</summary>
    public double FineKeptByMean => Kept(OfPixelMean);

    private double Kept(GrainStatistics statistics)
    {
        var mean = Exposures.Average(exposure => exposure.FineVariance);
        return mean > 0 ? statistics.FineVariance / mean : 1;
    }
}
