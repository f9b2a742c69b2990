using Grainy.Core.Images;
using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Metrics.Maps;

/// <summary>Maps of differences: which areas contributed to a distance.</summary>
public static class MetricMaps
{
    /// <summary>Larger images get the sum of their layers only: each layer would take 4 bytes per pixel.</summary>
    public const int MostLayerPixels = 4_000_000;

    /// <summary>Random transforms that a map of E-LPIPS is averaged over when nothing else is said.</summary>
    public const int DefaultSamples = 64;

    /// <summary>True for metrics that are means over places; MS-SSIM, a product over scales, is none.</summary>
    /// <exception cref="ArgumentException">There is no metric of that name.</exception>
    public static bool IsAvailable(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name != "ms-ssim";
    }

    /// <summary>Computes a map. Every step of the iterator is one short slice; on the device thread. The last update carries the map.</summary>
    /// <param name="metric">See <see cref="MetricCatalog.Names"/>.</param>
    /// <param name="options">As for the value; E-LPIPS takes <see cref="MetricOptions.Samples"/> (<see cref="DefaultSamples"/>) and the seed.</param>
    /// <exception cref="ArgumentException">There is no such metric, or it has no map.</exception>
    /// <exception cref="MetricInputException">The images cannot be compared (thrown by the first step).</exception>
    /// <exception cref="Weights.WeightFormatException">The weights are missing or damaged.</exception>
    public static IEnumerable<MetricMapUpdate> Compute(
        string metric, ImageBuffer a, ImageBuffer b, MetricOptions options, MetricCatalog catalog, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(catalog);
        if (!IsAvailable(metric))
        {
            throw new ArgumentException($"There is no map for {metric}: choose a metric that is a mean over places, such as ssim or lpips-squeeze.", nameof(metric));
        }

        return Iterate(metric, a, b, options.Validated(), catalog, ct);
    }

    private static IEnumerable<MetricMapUpdate> Iterate(
        string name, ImageBuffer a, ImageBuffer b, MetricOptions options, MetricCatalog catalog, CancellationToken ct)
    {
        using var metric = catalog.Create(name);
        var (x, y) = metric.Input.Convert(a, b, name, options);
        if (name is "psnr" or "ssim")
        {
            ct.ThrowIfCancellationRequested();
            yield return new MetricMapUpdate(0, null);
            foreach (var update in name == "psnr" ? PixelMaps.SquaredError(x, y, options) : PixelMaps.Dissimilarity(x, y, options, ct))
            {
                yield return update;
            }

            yield break;
        }

        using var distance = catalog.LoadDistance(name);
        foreach (var update in new FeatureMaps(name, distance, x, y).Run(metric is ELpipsMetric, options, ct))
        {
            yield return update;
        }
    }
}
