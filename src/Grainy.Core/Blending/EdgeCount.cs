using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>How many upright edges an image shows: the measure of ghosts in a blend of shifted images.</summary>
public static class EdgeCount
{
    private const double LeastShare = 0.4;

    /// <summary>
    /// Peaks of the slope of the mean profile across the rows that reach 40 % of its largest one, with a fall to below two thirds of the lower between two of them.
    /// </summary>
    /// <param name="image">With upright edges only.</param>
    public static int Of(ImageBuffer image)
    {
        ArgumentNullException.ThrowIfNull(image);
        var profile = new double[image.Width];
        for (var i = 0; i < image.Planes.Length; i++)
        {
            profile[i % image.Width] += image.Planes[i];
        }

        double[] slope = [.. profile.Zip(profile.Skip(1), (left, right) => Math.Abs(right - left))];
        var (least, count, peak, valley) = (LeastShare * slope.Max(), 0, 0.0, double.PositiveInfinity);
        foreach (var value in slope)
        {
            valley = Math.Min(valley, value);
            if (value >= least && (count == 0 || valley < 2.0 / 3 * Math.Min(peak, value)))
            {
                (count, peak, valley) = (count + 1, value, value);
            }
            else if (value > peak && count > 0 && value >= least)
            {
                (peak, valley) = (value, value);
            }
        }

        return count;
    }
}
