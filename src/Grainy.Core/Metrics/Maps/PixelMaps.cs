using Grainy.Core.Images;
using Grainy.Core.Metrics.Ssim;

namespace Grainy.Core.Metrics.Maps;

/// <summary>Maps of the metrics that need no network; means over the channels.</summary>
internal static class PixelMaps
{
    private const int RowsPerSlice = 128;

    /// <summary>Squared error of each pixel.</summary>
    public static IEnumerable<MetricMapUpdate> SquaredError(ImageBuffer a, ImageBuffer b, MetricOptions options)
    {
        var map = new float[a.Width * a.Height];
        double sum = 0;
        for (var i = 0; i < a.Planes.Length; i++)
        {
            var difference = (double)a.Planes[i] - b.Planes[i];
            sum += difference * difference;
            map[i % map.Length] += (float)(difference * difference / a.Channels);
        }

        var mean = sum / a.Planes.Length;
        yield return Done("psnr", "psnr; squared error", map, a, mean, mean == 0 ? double.PositiveInfinity : -10 * Math.Log10(mean), options);
    }

    /// <summary>1 − local similarity around each pixel; nearer to the border than the window allows, the nearest one that it allows.</summary>
    public static IEnumerable<MetricMapUpdate> Dissimilarity(ImageBuffer a, ImageBuffer b, MetricOptions options, CancellationToken ct)
    {
        var (columns, rows) = (a.Width - SsimWindow.Side + 1, a.Height - SsimWindow.Side + 1);
        var similarity = new float[rows * columns];
        double sum = 0;
        for (var channel = 0; channel < a.Channels; channel++)
        {
            for (var from = 0; from < rows; from += RowsPerSlice)
            {
                ct.ThrowIfCancellationRequested();
                var to = Math.Min(rows, from + RowsPerSlice);
                sum += SsimWindow.Sum(a.Plane(channel), b.Plane(channel), a.Width, from, to, similarity.AsSpan(from * columns)).Similarity;
                yield return new MetricMapUpdate((channel + ((double)to / rows)) / a.Channels * 0.99, null);
            }
        }

        var map = new float[a.Width * a.Height];
        for (var y = 0; y < a.Height; y++)
        {
            for (var x = 0; x < a.Width; x++)
            {
                var place = (Math.Clamp(y - (SsimWindow.Side / 2), 0, rows - 1) * columns) + Math.Clamp(x - (SsimWindow.Side / 2), 0, columns - 1);
                map[(y * a.Width) + x] = 1 - (similarity[place] / a.Channels);
            }
        }

        var value = sum / ((double)a.Channels * rows * columns);
        yield return Done("ssim", "ssim; 1 − local similarity", map, a, 1 - value, value, options);
    }

    private static MetricMapUpdate Done(string name, string what, float[] map, ImageBuffer image, double mean, double value, MetricOptions options) =>
        new(1, new MetricMap(name, new ImageBuffer(1, image.Height, image.Width, map), [], mean, value, $"map; {what}; {MetricInput.Describe(options)}"));
}
