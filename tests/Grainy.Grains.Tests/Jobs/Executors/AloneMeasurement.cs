using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Core.Devices;
using Grainy.Core.Metrics;
using Grainy.Grains.Images;
using Grainy.Grains.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Jobs.Executors;

/// <summary>The same measurement without grains, for comparison.</summary>
internal static class AloneMeasurement
{
    public static async Task<(double Value, double? StandardError)> MeasureAloneAsync(this TestServer server, ImageRef reference, ImageRef candidate, int samples)
    {
        var blobs = server.Services.GetRequiredService<ImageBlobs>();
        var catalog = server.Services.GetRequiredService<MetricCatalog>();
        var infos = await TestServer.AsOwner(() => Task.WhenAll(
            server.Grains.Dataset(reference.Dataset).GetImageAsync(reference.Image), server.Grains.Dataset(candidate.Dataset).GetImageAsync(candidate.Image)));
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, CancellationToken.None)));
        using var worker = new DeviceWorker("alone");
        return await worker.RunAsync(
            token =>
            {
                using var metric = catalog.Create("elpips-builtin");
                var result = metric.MeasureMany(images[0], [images[1]], new MetricOptions { Samples = samples }, token).Last().Results[0];
                return (result.Value, result.StandardError);
            },
            DeviceLane.Interactive, CancellationToken.None);
    }
}
