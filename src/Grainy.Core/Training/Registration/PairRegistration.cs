using Grainy.Core.Images;

namespace Grainy.Core.Training.Registration;

/// <summary>
/// Measures whether two frames are two exposures of one scene: shift to fractions of a pixel, change of brightness, and whether they show the same at all. A pair
/// that does not lie pixel on pixel teaches a network to blur; one whose brightness drifts teaches it to change brightness.
/// </summary>
public static class PairRegistration
{
    private const int LargestSide = 512;
    private const double Smoothing = 1.5;
    private const int MeanBlock = 8;
    private const double Beyond = 6; // standard errors
    private static readonly int[] BlockSides = [8, 4, 2];

    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 32;

    /// <summary>The second frame relative to the first; of large frames the middle is measured.</summary>
    /// <param name="first">At least 32 × 32 pixels.</param>
    /// <param name="second">Of the same size and channels.</param>
    /// <exception cref="ArgumentException">Of different size, or too small: one sentence for people.</exception>
    public static PairAlignment Measure(ImageBuffer first, ImageBuffer second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.HasSizeOf(second))
        {
            throw new ArgumentException(
                $"Two frames of a scene must have the same size, but one has {Size(first)} and the other {Size(second)}; crop them alike or check the order of the files.",
                nameof(second));
        }

        if (Math.Min(first.Width, first.Height) < SmallestSide)
        {
            throw new ArgumentException($"Frames of {Size(first)} are too small to be compared; {SmallestSide} × {SmallestSide} is the least.", nameof(first));
        }

        var (height, width) = (Math.Min(first.Height, LargestSide), Math.Min(first.Width, LargestSide));
        var (top, left) = ((first.Height - height) / 2, (first.Width - width) / 2);
        var (a, b) = (Plane.Of(first, top, left, height, width), Plane.Of(second, top, left, height, width));
        var (smoothA, smoothB) = (a.Blurred(Smoothing), b.Blurred(Smoothing));
        var start = PhaseCorrelation.Shift(a, b);
        return Compare(a, b, Refine(smoothA, smoothB, start));
    }

    // The peak may be a chance maximum in frames without structure; then the frames count as they lie. So does a direction that nothing tells of.
    private static (double Down, double Right, double ErrorDown, double ErrorRight) Refine(Plane a, Plane b, (int Down, int Right) start)
    {
        var refined = TranslationFit.Refine(a, b, start);
        (int Down, int Right) sure = (double.IsFinite(refined.ErrorDown) ? start.Down : 0, double.IsFinite(refined.ErrorRight) ? start.Right : 0);
        if (sure != start)
        {
            refined = TranslationFit.Refine(a, b, sure);
        }

        // In frames that are noisy and smooth the highest peak may be a chance one: a shift must lay them better on each other than none at all, beyond chance.
        if (sure != (0, 0) && !LiesBetter(a, b, refined.Down, refined.Right))
        {
            refined = TranslationFit.Refine(a, b, (0, 0));
        }

        return (
            double.IsFinite(refined.ErrorDown) ? refined.Down : 0, double.IsFinite(refined.ErrorRight) ? refined.Right : 0, refined.ErrorDown, refined.ErrorRight);
    }

    // The gain in squared difference, block by block over the same pixels; the peak was the best of tens of thousands, which alone gives four standard errors.
    private static bool LiesBetter(Plane a, Plane b, double down, double right)
    {
        var border = Math.Min(2 + (int)Math.Ceiling(Math.Max(Math.Abs(down), Math.Abs(right))), (Math.Min(a.Height, a.Width) - (2 * MeanBlock)) / 2);
        var (here, still, moved) = (a.Inner(border), b.Inner(border), b.Moved(down, right).Inner(border));
        var gain = new Plane(here.Height, here.Width, [.. here.Values.Select((value, i) => Square(value - still.Values[i]) - Square(value - moved.Values[i]))]);
        var blocks = gain.BlockMeans(MeanBlock);
        var mean = blocks.Average();
        return mean > Beyond * Math.Sqrt(blocks.Average(block => Square(block - mean)) / blocks.Length);

        static double Square(double value) => value * value;
    }

    private static PairAlignment Compare(Plane a, Plane b, (double Down, double Right, double ErrorDown, double ErrorRight) shift)
    {
        var (down, right) = (shift.Down, shift.Right);
        var border = 2 + (int)Math.Ceiling(Math.Max(Math.Abs(down), Math.Abs(right)));
        border = Math.Min(border, (Math.Min(a.Height, a.Width) - (2 * MeanBlock)) / 2);
        var (innerA, innerB) = (a.Inner(border), b.Moved(down, right).Inner(border));
        var (blocksA, blocksB) = (innerA.BlockMeans(MeanBlock), innerB.BlockMeans(MeanBlock));
        var (gain, offset) = IntensityFit.Line(blocksA, blocksB);
        var (meanA, meanB, varianceA, covariance, varianceB) = IntensityFit.Moments(blocksA, blocksB);
        var spread = Math.Max(0, varianceA + varianceB - (2 * covariance));
        return new PairAlignment(
            right, down, Math.Max(shift.ErrorDown, shift.ErrorRight), gain, offset, meanB - meanA, Math.Sqrt(spread / blocksA.Length), meanA, Correlation(innerA, innerB))
        {
            ErrorX = shift.ErrorRight,
            ErrorY = shift.ErrorDown,
        };
    }

    // Structure is what makes means over blocks differ by more than noise explains; where it is fine, it shows in small blocks only.
    private static double? Correlation(Plane a, Plane b)
    {
        var noise = Math.Max(NoiseVariance(a), NoiseVariance(b));
        foreach (var side in BlockSides)
        {
            var (_, _, varianceA, covariance, varianceB) = IntensityFit.Moments(a.BlockMeans(side), b.BlockMeans(side));
            if (Math.Max(varianceA, varianceB) > Math.Max(4 * noise / (side * side), 1e-18))
            {
                return covariance / Math.Sqrt(Math.Max(varianceA * varianceB, 1e-36));
            }
        }

        return null;
    }

    // Immerkær 1996: the mask [1 −2 1]ᵀ[1 −2 1] leaves out planes and straight edges along the axes.
    private static double NoiseVariance(Plane plane)
    {
        var sum = 0.0;
        for (var row = 1; row < plane.Height - 1; row++)
        {
            for (var column = 1; column < plane.Width - 1; column++)
            {
                var value = Across(row - 1, column) - (2 * Across(row, column)) + Across(row + 1, column);
                sum += value * value;
            }
        }

        return sum / 36 / ((plane.Height - 2) * (plane.Width - 2));

        double Across(int row, int column) => plane[row, column - 1] - (2 * plane[row, column]) + plane[row, column + 1];
    }

    private static string Size(ImageBuffer image) => $"{image.Width} × {image.Height} pixels in {image.Channels} channel{(image.Channels == 1 ? "" : "s")}";
}
