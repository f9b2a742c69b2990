using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Maps;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Makes the map of a pair by a metric, and stores it as values and as coloured pictures.</summary>
internal sealed class MapExecutor(ImageBlobs blobs, MetricCatalog catalog) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is MapSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var spec = (MapSpec)run.Assignment.Spec;
        var infos = await run.Grains.RequireImagesAsync(run.Assignment.Workspace, [spec.First, spec.Second]);
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, cancellationToken)));
        var map = await ComputeAsync(run, spec.Metric, images, cancellationToken);
        var layers = new List<MapLayer> { await StoreAsync("sum", map.Sum, cancellationToken) };
        foreach (var layer in map.Layers)
        {
            layers.Add(await StoreAsync(layer.Name, layer.Map, cancellationToken));
        }

        var made = new ComparisonMap
        {
            Pair = spec.Pair,
            Metric = spec.Metric,
            Job = run.Assignment.Job,
            State = JobState.Succeeded,
            Layers = [.. layers],
            Fingerprint = map.Fingerprint,
        };
        await Caller.AsAsync(Caller.System, () => run.Grains.Comparison(spec.Comparison).AddMapAsync(made));
        return new MapResult(layers.Count);
    }

    private async Task<MetricMap> ComputeAsync(JobRun run, string metric, ImageBuffer[] images, CancellationToken cancellationToken)
    {
        MetricMap? map = null;
        await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        return map ?? throw new InvalidOperationException($"The map of '{metric}' ended without a result.");

        IEnumerable<bool> Slices(CancellationToken token)
        {
            // In the order in which values are measured: the candidate against the reference.
            foreach (var update in MetricMaps.Compute(metric, images[1], images[0], new MetricOptions(), catalog, token))
            {
                run.Report(new JobProgress { Fraction = update.Fraction, Activity = $"map of {metric}" });
                map = update.Map ?? map;
                yield return true;
            }
        }
    }

    private async Task<MapLayer> StoreAsync(string name, ImageBuffer map, CancellationToken cancellationToken)
    {
        var scale = await Task.Run(() => MapScale.Of(map), cancellationToken);
        var values = await blobs.SavePixelsAsync(map, cancellationToken);
        var png = await blobs.SaveAsync(
            stream => stream.Write(ColourMap.RenderPng(MapScale.Reduced(map), scale.Brightest > 0 ? scale.Brightest : null)),
            ImageWriter.MediaType(OutputFormat.Png8), cancellationToken);
        return new MapLayer(name, png, values, scale.Brightest, scale.Largest, scale.Mean);
    }
}
