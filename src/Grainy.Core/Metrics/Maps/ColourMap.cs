using Grainy.Core.Images;

namespace Grainy.Core.Metrics.Maps;

/// <summary>
/// Colours for maps of differences: black for none, then violet, red, orange and a light yellow for the most. Lightness (CIE L*) rises in even steps, so
/// that order is seen without a legend, by the colour-blind, and in print; hue and chroma follow a path in Oklab (Ottosson 2020).
/// </summary>
public static class ColourMap
{
    private const int Steps = 256;

    // Hue in degrees and chroma at even distances along the scale; both are interpolated. Chroma begins and ends low: nothing else fits in at the ends.
    private static readonly double[] Hues = [290, 300, 330, 375, 405, 455, 465];
    private static readonly double[] Chromas = [0.01, 0.12, 0.18, 0.19, 0.17, 0.15, 0.05];

    private static readonly (byte R, byte G, byte B)[] Table = [.. Enumerable.Range(0, Steps).Select(i => Colour(i / (Steps - 1.0)))];

    /// <summary>The colour of a share of the largest value, in sRGB.</summary>
    /// <param name="share">Clipped to 0 … 1; not a number gives black.</param>
    public static (byte R, byte G, byte B) At(double share) => Table[double.IsNaN(share) ? 0 : (int)Math.Round(Math.Clamp(share, 0, 1) * (Steps - 1))];

    /// <summary>An 8-bit RGB PNG file of a map.</summary>
    /// <param name="map">One channel.</param>
    /// <param name="largest">The value of the lightest colour; null: the largest one of the map.</param>
    /// <exception cref="ArgumentException">The map has three channels, or the largest value is not positive.</exception>
    public static byte[] RenderPng(ImageBuffer map, double? largest = null)
    {
        ArgumentNullException.ThrowIfNull(map);
        if (map.Channels != 1 || largest is <= 0 or double.NaN)
        {
            throw new ArgumentException($"A map has one channel and a positive largest value, not {map.Channels} and {largest}.", nameof(map));
        }

        var most = largest ?? map.Planes.Max();
        var size = map.Planes.Length;
        var planes = new float[3 * size];
        for (var i = 0; i < size; i++)
        {
            var (r, g, b) = At(most > 0 ? map.Planes[i] / most : 0);
            (planes[i], planes[size + i], planes[(2 * size) + i]) = (r / 255f, g / 255f, b / 255f);
        }

        return ImageWriter.Encode(new ImageBuffer(3, map.Height, map.Width, planes), OutputFormat.Png8, 0, 1);
    }

    private static (byte R, byte G, byte B) Colour(double share)
    {
        var hue = Between(Hues, share) * Math.PI / 180;
        var luminance = Luminance(97 * share);
        // Where the screen cannot show so much chroma at this lightness, it shows what it can.
        for (var chroma = Between(Chromas, share); ; chroma = Math.Max(0, chroma - 0.003))
        {
            var (r, g, b) = OfLuminance(luminance, chroma * Math.Cos(hue), chroma * Math.Sin(hue));
            if (chroma == 0 || (Shown(r) && Shown(g) && Shown(b)))
            {
                return (Byte(r), Byte(g), Byte(b));
            }
        }

        static bool Shown(double light) => light is >= 0 and <= 1;

        static byte Byte(double light) => (byte)Math.Round(255 * SrgbCurve.Encode((float)Math.Clamp(light, 0, 1)));
    }

    // Of CIE L* in 0 … 100.
    private static double Luminance(double lightness) => lightness > 8 ? Math.Pow((lightness + 16) / 116, 3) : lightness / 903.3;

    private static (double R, double G, double B) OfLuminance(double luminance, double a, double b)
    {
        var (low, high) = (0.0, 1.2);
        for (var i = 0; i < 30; i++)
        {
            var middle = (low + high) / 2;
            var light = Linear(middle, a, b);
            (low, high) = (0.2126 * light.R) + (0.7152 * light.G) + (0.0722 * light.B) < luminance ? (middle, high) : (low, middle);
        }

        return Linear(low, a, b);
    }

    private static double Between(double[] points, double share)
    {
        var at = share * (points.Length - 1);
        var index = Math.Min((int)at, points.Length - 2);
        return points[index] + ((at - index) * (points[index + 1] - points[index]));
    }

    // Oklab to linear sRGB.
    private static (double R, double G, double B) Linear(double lightness, double a, double b)
    {
        var l = Math.Pow(lightness + (0.3963377774 * a) + (0.2158037573 * b), 3);
        var m = Math.Pow(lightness - (0.1055613458 * a) - (0.0638541728 * b), 3);
        var s = Math.Pow(lightness - (0.0894841775 * a) - (1.2914855480 * b), 3);
        return (
            (4.0767416621 * l) - (3.3077115913 * m) + (0.2309699292 * s),
            (-1.2684380046 * l) + (2.6097574011 * m) - (0.3413193965 * s),
            (-0.0041960863 * l) - (0.7034186147 * m) + (1.7076147010 * s));
    }
}
