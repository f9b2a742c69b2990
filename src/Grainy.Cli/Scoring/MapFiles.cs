using Grainy.Cli.Output;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Maps;

namespace Grainy.Cli.Scoring;

/// <summary>A map that was written.</summary>
/// <param name="Tiff">The numbers, in float.</param>
/// <param name="Png">Their colours.</param>
/// <param name="Mean">Of the numbers; close to the value of the metric.</param>
/// <param name="Largest">What the lightest colour stands for.</param>
internal sealed record MapFile(string Tiff, string Png, double Mean, double Largest);

/// <summary>Computes maps of differences and writes each as a float TIFF and a coloured PNG, named <c>IMAGE-METRIC</c>.</summary>
/// <param name="folder">Made when needed.</param>
/// <param name="largest">What the lightest colour stands for in all maps; null: the largest value of each.</param>
internal sealed class MapFiles(CommandContext context, MetricCatalog catalog, MetricOptions options, string folder, double? largest)
{
    private readonly HashSet<string> _used = [];

    /// <summary>Null where the metric is no mean over places and so has no map.</summary>
    public async Task<MapFile?> WriteAsync(string metric, ImagePair pair, ImageBuffer reference, ImageBuffer image, Action<double> report, CancellationToken stop)
    {
        if (!MetricMaps.IsAvailable(metric))
        {
            return null;
        }

        var last = await context.OnDeviceAsync(
            token => MetricMaps.Compute(metric, image, reference, options, catalog, token), update => report(update.Fraction), stop);
        var (map, name) = (last.Map!, Unused($"{Stem(pair)}-{metric}"));
        var top = largest ?? Math.Max(map.Sum.Planes.Max(), float.Epsilon);
        var (tiff, png) = (Path.Combine(folder, name + ".tif"), Path.Combine(folder, name + ".png"));
        OutputFile.Write(tiff, stream => ImageWriter.Write(map.Sum, stream, OutputFormat.Tiff32F));
        OutputFile.Write(png, stream => stream.Write(ColourMap.RenderPng(map.Sum, top)));
        return new MapFile(tiff, png, map.Mean, top);
    }

    private static string Stem(ImagePair pair) => pair.ImagePage is { Pages: > 1 } one
        ? FormattableString.Invariant($"{Path.GetFileNameWithoutExtension(one.Path)}-page{one.Page + 1}")
        : Path.GetFileNameWithoutExtension(pair.Image);

    // Images of different folders may share a name.
    private string Unused(string name) =>
        Enumerable.Range(1, int.MaxValue).Select(number => number == 1 ? name : $"{name}-{number}").First(candidate => _used.Add(candidate));
}
