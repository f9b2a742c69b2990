using Grainy.Core.Images;

namespace Grainy.Core.Noise;

/// <summary>The share of pixels that stand alone far outside of their neighbourhood: impulses, hot and dead pixels.</summary>
internal static class ImpulseShare
{
    private const int Radius = 2;
    private const double Limit = 6;
    private const double CalmShare = 0.3;
    private const int MostPixels = 60_000;
    private const double OfNormal = 1.4826;
    private const int MostAtAnEnd = 8;

    /// <summary>
    /// Of the pixels in the calmest neighbourhoods, those beyond 6 robust standard deviations of the median of the 24 around them, on either side. Normal noise
    /// gives one in a few million, texture a few in ten thousand. Where the variance grows with brightness, six counts more are asked for: a few photons on a
    /// dark ground are no impulse. Where a third of a neighbourhood sits at the lowest or the highest value, noise was cut off: half of a normal distribution has no
    /// spread to measure by, so such places do not count.
    /// </summary>
    /// <returns>In [0, 1]; null where it cannot be told: fewer than 1,000 pixels, or most neighbourhoods hold one value only, as counts of single photons do.</returns>
    public static double? Of(ImageBuffer image, SampleSpread spread, VarianceCurve? curve)
    {
        var places = new List<(double Spread, double Median, double Deviation)>();
        var area = (image.Width - (2 * Radius)) * (long)(image.Height - (2 * Radius)) * image.Channels;
        var every = (int)Math.Max(1, area / MostPixels);
        var number = 0;
        var around = new float[((2 * Radius) + 1) * ((2 * Radius) + 1) - 1];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            var plane = image.Plane(channel);
            for (var y = Radius; y < image.Height - Radius; y++)
            {
                for (var x = Radius; x < image.Width - Radius; x++)
                {
                    if (number++ % every == 0)
                    {
                        var (place, isCut) = Look(plane, (y * image.Width) + x, image.Width, around, spread);
                        if (!isCut || place.Spread == 0)
                        {
                            places.Add(place);
                        }
                    }
                }
            }
        }

        if (places.Count < 1_000 || places.Count(place => place.Spread == 0) > places.Count / 2)
        {
            return null;
        }

        var calm = places.Where(place => place.Spread > 0).OrderBy(place => place.Spread).Take((int)(CalmShare * places.Count)).ToArray();
        var typical = calm[calm.Length / 2].Spread;
        var photon = curve is { RSquared: > 0.7 } && curve.A > 4 * curve.AError ? curve.A : 0;
        double found = 0, visible = 0;
        foreach (var place in calm)
        {
            var limit = Limit * (Math.Max(place.Spread, typical) + photon);
            found += place.Deviation > limit ? 1 : 0;
            visible += 1 - Math.Clamp((Math.Min(place.Median + limit, spread.Highest) - Math.Max(place.Median - limit, spread.Lowest)) / (spread.Highest - spread.Lowest), 0, 0.5);
        }

        return Math.Min(1, found / visible);
    }

    private static ((double Spread, double Median, double Deviation) Place, bool IsCut) Look(
        ReadOnlySpan<float> plane, int i, int width, float[] around, SampleSpread spread)
    {
        var count = 0;
        for (var row = -Radius; row <= Radius; row++)
        {
            for (var column = -Radius; column <= Radius; column++)
            {
                if (row != 0 || column != 0)
                {
                    around[count++] = plane[i + (row * width) + column];
                }
            }
        }

        Array.Sort(around);
        var isCut = around[MostAtAnEnd] <= spread.Lowest || around[^(MostAtAnEnd + 1)] >= spread.Highest;
        var median = (around[(count / 2) - 1] + around[count / 2]) / 2;
        var deviation = Math.Abs(plane[i] - median);
        for (var k = 0; k < count; k++)
        {
            around[k] = Math.Abs(around[k] - median);
        }

        Array.Sort(around);
        return ((OfNormal * (around[(count / 2) - 1] + around[count / 2]) / 2, median, deviation), isCut);
    }
}
