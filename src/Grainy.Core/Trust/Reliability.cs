using Grainy.Core.Images;

namespace Grainy.Core.Trust;

/// <summary>Whether a denoiser's own doubt is right: the error it predicts for each sample against the error that a second frame shows.</summary>
/// <param name="Bins">In order of the prediction, equally many samples in each.</param>
/// <param name="Ratio">Root mean square of the actual errors over that of the predicted ones: 1 when right, above 1 when it is too sure of itself.</param>
public sealed record Reliability(IReadOnlyList<ReliabilityBin> Bins, double Ratio)
{
    private const int MostBins = 20;
    private const int LeastInBin = 500;

    /// <summary>Gathers samples by the predicted error; the actual one is the mean of (f(y₁) − y₂)² − ½(y₁ − y₂)² over each bin.</summary>
    /// <param name="predicted">Standard deviation of the error that is expected in each sample.</param>
    /// <param name="denoised">f(y₁).</param>
    /// <param name="first">y₁.</param>
    /// <param name="second">y₂: the same scene, pixel on pixel, with independent noise of the same strength.</param>
    /// <exception cref="ArgumentException">Of different size, with samples that are not numbers, or fewer than 1,000 samples: one sentence for people.</exception>
    public static Reliability Of(ImageBuffer predicted, ImageBuffer denoised, ImageBuffer first, ImageBuffer second)
    {
        Pairs.Require(predicted, denoised, "The predicted errors and the denoised image");
        Pairs.Require(denoised, first, "The denoised image and its noisy frame");
        Pairs.Require(first, second, "The two frames");
        var count = Math.Min(MostBins, first.Planes.Length / LeastInBin);
        if (count < 2)
        {
            throw new ArgumentException($"{first.Planes.Length} samples are too few to judge predicted errors by; {2 * LeastInBin} are the least.");
        }

        var order = Enumerable.Range(0, first.Planes.Length).ToArray();
        Array.Sort((float[])predicted.Planes.Clone(), order);
        var bins = order.Chunk((order.Length + count - 1) / count).Select(Bin).ToArray();
        var actual = bins.Sum(bin => bin.ActualSquared * bin.Samples);
        return new Reliability(bins, Math.Sqrt(Math.Max(0, actual) / bins.Sum(bin => bin.Predicted * bin.Predicted * bin.Samples)));

        ReliabilityBin Bin(int[] places)
        {
            double expected = 0, squared = 0, fourth = 0;
            foreach (var i in places)
            {
                double miss = denoised.Planes[i] - second.Planes[i], between = first.Planes[i] - second.Planes[i];
                var error = (miss * miss) - (between * between / 2);
                expected += predicted.Planes[i] * (double)predicted.Planes[i] / places.Length;
                squared += error / places.Length;
                fourth += error * error / places.Length;
            }

            return new ReliabilityBin(Math.Sqrt(expected), squared, Math.Sqrt(Math.Max(0, fourth - (squared * squared)) / places.Length), places.Length);
        }
    }
}

/// <summary>Samples of like predicted error.</summary>
/// <param name="Predicted">Root mean square of the predicted standard deviations.</param>
/// <param name="ActualSquared">Mean squared error, without bias; may fall below 0 by chance.</param>
/// <param name="StandardError">Of the mean squared error.</param>
/// <param name="Samples">In the bin.</param>
public sealed record ReliabilityBin(double Predicted, double ActualSquared, double StandardError, int Samples)
{
    /// <summary>Root of <see cref="ActualSquared"/>, 0 where that is negative.</summary>
    public double Actual => Math.Sqrt(Math.Max(0, ActualSquared));
}
