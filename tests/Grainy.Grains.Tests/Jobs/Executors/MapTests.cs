using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Datasets;
using Grainy.Grains.Images;
using Grainy.Grains.Jobs.Executors;
using Grainy.Grains.Tests.Kit;
using Grainy.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Jobs.Executors;

/// <summary>Maps of differences, made by the real metrics on a real device thread.</summary>
public sealed class MapTests : IAsyncLifetime
{
    private static readonly string[] Metrics = ["psnr", "ms-ssim", "builtin"];
    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(TestServer.NewFolder());

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Map_should_be_made_once_on_request_with_its_layers_as_values_and_pictures()
    {
        var comparison = Server.Grains.Comparison(await CompareAsync());

        var asked = await TestServer.AsOwner(() => comparison.MapAsync(0, "builtin"));
        var made = await MadeAsync(comparison, "builtin");
        var again = await TestServer.AsOwner(() => comparison.MapAsync(0, "builtin"));

        (asked.State, made.State).ShouldBe((JobState.Queued, JobState.Succeeded));
        (again.Job, again.Layers.Length).ShouldBe((asked.Job, made.Layers.Length));
        made.Layers[0].Name.ShouldBe("sum");
        made.Layers.Length.ShouldBeGreaterThan(2);
        made.Layers.Skip(1).Sum(layer => layer.Mean).ShouldBe(made.Layers[0].Mean, 1e-4 * made.Layers[0].Mean);
        made.Layers.ShouldAllBe(layer => layer.Brightest > 0 && layer.Brightest <= layer.Largest && layer.Mean < layer.Largest);
        made.Fingerprint.ShouldContain("builtin");
        var blobs = Server.Services.GetRequiredService<ImageBlobs>();
        var values = await blobs.LoadAsync(made.Layers[0].Values, CancellationToken.None);
        (values.Channels, values.Width, values.Height).ShouldBe((1, 64, 64));
        ((double)values.Planes.Max()).ShouldBe(made.Layers[0].Largest, 1e-6);
        (await blobs.LoadBytesAsync(made.Layers[0].Png, CancellationToken.None))[..4].ShouldBe([0x89, (byte)'P', (byte)'N', (byte)'G']);
    }

    [Fact]
    public async Task Map_should_show_where_the_images_differ_and_agree_with_the_value()
    {
        var comparison = Server.Grains.Comparison(await CompareAsync());

        await TestServer.AsOwner(() => comparison.MapAsync(0, "psnr"));
        var sum = (await MadeAsync(comparison, "psnr")).Layers.ShouldHaveSingleItem();

        var values = await Server.Services.GetRequiredService<ImageBlobs>().LoadAsync(sum.Values, CancellationToken.None);
        values.Planes.Index().Where(pixel => pixel.Index % 64 < 32).ShouldAllBe(pixel => pixel.Item == 0); // only the right half is noisy
        sum.Mean.ShouldBe(0.1 * 0.1 / 2, 0.001);
    }

    [Fact]
    public async Task Metric_without_a_map_should_be_refused_with_a_sentence()
    {
        var comparison = Server.Grains.Comparison(await CompareAsync());

        (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => comparison.MapAsync(0, "ms-ssim")))).Message.ShouldContain("no map by ms-ssim");
        (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => comparison.MapAsync(1, "psnr")))).Reason.ShouldBe(Refusal.NotFound);
    }

    [Fact]
    public void Scale_should_leave_out_the_brightest_pixel_in_a_thousand()
    {
        var planes = Enumerable.Range(0, 10_000).Select(i => i < 5 ? 1000f : 1f).ToArray();

        var scale = MapScale.Of(new ImageBuffer(1, 100, 100, planes));

        (scale.Brightest, scale.Largest).ShouldBe((1, 1000));
        scale.Mean.ShouldBe(((5 * 1000.0) + 9995) / 10_000, 1e-9);
    }

    [Fact]
    public void Large_map_should_be_reduced_to_the_size_of_previews_by_means()
    {
        var planes = Enumerable.Range(0, 4100 * 3).Select(i => (float)(i % 4100)).ToArray();

        var reduced = MapScale.Reduced(new ImageBuffer(1, 3, 4100, planes));

        (reduced.Width, reduced.Height).ShouldBe((1367, 1));
        reduced.Planes[..3].ShouldBe([1, 4, 7]);
        reduced.Planes[^1].ShouldBe(4098.5f); // the last block has two columns
    }

    private async Task<ComparisonMap> MadeAsync(IComparisonGrain comparison, string metric)
    {
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Server.Grains, comparison, TestServer.Owner);
        var ended = await live.UntilAsync(snapshot => Array.Exists(snapshot.Maps, map => map.Metric == metric && map.State is JobState.Succeeded or JobState.Failed));
        ended.Maps.Single(map => map.Metric == metric).Problem.ShouldBeNull();
        return (await TestServer.AsOwner(() => comparison.GetMapAsync(0, metric)))!;
    }

    private async Task<ComparisonId> CompareAsync()
    {
        var clean = ImageFixtures.Waves(3, 64, 64);
        var noisy = GaussianNoise.Corrupt(clean, 0.1, seed: 1);
        for (var i = 0; i < noisy.Planes.Length; i++)
        {
            noisy.Planes[i] = i % 64 < 32 ? clean.Planes[i] : noisy.Planes[i];
        }

        var dataset = await TestServer.AsOwner(() => Server.Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Pair"));
        var id = ComparisonId.New();
        var plan = new ComparisonPlan(ComparisonLayout.Reference, [await AddAsync(dataset, "clean.tif", clean), await AddAsync(dataset, "half.tif", noisy)], Metrics);
        await TestServer.AsOwner(() => Server.Grains.Comparison(id).CreateSetAsync(TestServer.Workspace, plan));
        return id;
    }

    private async Task<ImageRef> AddAsync(DatasetId dataset, string name, ImageBuffer image)
    {
        using var file = new MemoryStream();
        ImageWriter.Write(image, file, OutputFormat.Tiff32F);
        file.Position = 0;
        var added = await TestServer.AsOwner(
            () => Server.Services.GetRequiredService<ImageIngest>().AddAsync(dataset, name, file, TestContext.Current.CancellationToken));
        return new ImageRef(dataset, added.Id);
    }
}
