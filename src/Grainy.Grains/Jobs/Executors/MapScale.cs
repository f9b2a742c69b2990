using Grainy.Core.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>How the values of a map become a picture.</summary>
internal readonly record struct MapScale(double Brightest, double Largest, double Mean)
{
    private const int LongestSide = 2048; // as large as the previews that it lies on
    private const double ShareBelow = 0.999;

    /// <summary>A single extreme pixel must not leave all others in the dark: one in a thousand may be as bright as can be.</summary>
    public static MapScale Of(ImageBuffer map)
    {
        var sorted = map.Planes.ToArray();
        Array.Sort(sorted);
        var brightest = sorted[(int)((sorted.Length - 1) * ShareBelow)];
        return new MapScale(brightest > 0 ? brightest : sorted[^1], sorted[^1], sorted.Average(value => (double)value));
    }

    /// <summary>The map, or the means of its blocks where it is larger than a preview.</summary>
    public static ImageBuffer Reduced(ImageBuffer map)
    {
        var by = (Math.Max(map.Width, map.Height) + LongestSide - 1) / LongestSide;
        if (by == 1)
        {
            return map;
        }

        var (width, height) = ((map.Width + by - 1) / by, (map.Height + by - 1) / by);
        var planes = new float[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                planes[(y * width) + x] = MeanOfBlock(map, x * by, y * by, by);
            }
        }

        return new ImageBuffer(1, height, width, planes);
    }

    private static float MeanOfBlock(ImageBuffer map, int left, int top, int side)
    {
        var (sum, count) = (0.0, 0);
        for (var y = top; y < Math.Min(map.Height, top + side); y++)
        {
            for (var x = left; x < Math.Min(map.Width, left + side); x++)
            {
                sum += map.Planes[(y * map.Width) + x];
                count++;
            }
        }

        return (float)(sum / count);
    }
}
