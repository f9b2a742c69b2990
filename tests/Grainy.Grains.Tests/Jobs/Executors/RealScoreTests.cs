using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Datasets;
using Grainy.Grains.Tests.Kit;
using Grainy.Grains.Tests.Metrics;
using Grainy.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Jobs.Executors;

/// <summary>Real metrics on a real device thread. The built-in network is used, so that nothing has to be installed.</summary>
public sealed class RealScoreTests : IAsyncLifetime
{
    private static readonly string[] Metrics = ["psnr", "ssim", "builtin", "elpips-builtin"];
    private TestServer? _server;

    private TestServer Server => _server!;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(TestServer.NewFolder());

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Candidates_should_be_measured_together_refined_from_where_they_were_and_known_in_the_next_comparison()
    {
        var images = await AddAsync(ImageFixtures.Waves(3, 64, 64), 0.05, 0.1);
        var (id, first) = await MeasureAsync(ComparisonLayout.Reference, images);

        first.Count.ShouldBe(8);
        first.ShouldAllBe(cell => cell.State == CellState.Done && cell.Score!.Final && cell.Score.Fingerprint.Length > 0 && cell.Problem == null);
        Find(first, 0, "psnr").Score!.Value.ShouldBe(26, 0.4); // −20·log₁₀(0.05)
        Find(first, 1, "psnr").Score!.Value.ShouldBe(20, 0.4);
        var (nearer, farther) = (Find(first, 0, "elpips-builtin"), Find(first, 1, "elpips-builtin"));
        nearer.Score!.Value.ShouldBeLessThan(farther.Score!.Value);
        nearer.Gap.ShouldNotBeNull().Other.ShouldBe(1);
        nearer.Gap.Difference.ShouldBe(farther.Score.Value - nearer.Score.Value, 1e-6);
        nearer.Gap.StandardError.ShouldBeLessThan(Math.Sqrt(Math.Pow(nearer.Score.StandardError!.Value, 2) + Math.Pow(farther.Score.StandardError!.Value, 2)));

        await TestServer.AsOwner(() => Server.Grains.Comparison(id).RefineAsync("elpips-builtin", 0));
        await EndAsync(id, 2);

        var refined = Find(await Some.CellsAsync(Server.Grains, id), 0, "elpips-builtin").Score!;
        refined.Samples.ShouldBe(4 * nearer.Score.Samples);
        refined.StandardError!.Value.ShouldBeLessThan(0.8 * nearer.Score.StandardError.Value);
        refined.Value.ShouldBe(nearer.Score.Value, 5 * nearer.Score.StandardError.Value); // false alarm: 6e-7

        var again = ComparisonId.New();
        await TestServer.AsOwner(() => Server.Grains.Comparison(again).CreateSetAsync(TestServer.Workspace, new(ComparisonLayout.Reference, [images[1], images[0]], Metrics)));
        var known = await Some.CellsAsync(Server.Grains, again);
        known.ShouldAllBe(cell => cell.State == CellState.Done && cell.Remembered);
        Find(known, 0, "elpips-builtin").Score.ShouldBe(refined);
    }

    [Trait("Category", "slow")]
    [Fact]
    public async Task Refined_value_should_be_that_of_one_uninterrupted_measurement()
    {
        var images = await AddAsync(ImageFixtures.Waves(3, 64, 64), 0.1);
        var (id, first) = await MeasureAsync(ComparisonLayout.Reference, images, "elpips-builtin");
        await TestServer.AsOwner(() => Server.Grains.Comparison(id).RefineAsync(null, null));
        await EndAsync(id, 2);
        var refined = (await Some.CellsAsync(Server.Grains, id)).Single().Score!;

        var expected = await Server.MeasureAloneAsync(images[0], images[1], refined.Samples);

        refined.Samples.ShouldBe(4 * first[0].Score!.Samples);
        (refined.Value, refined.StandardError).ShouldBe(expected);
    }

    [Fact]
    public async Task Image_that_cannot_be_measured_should_cost_no_value_of_the_others()
    {
        var broken = ImageFixtures.Waves(3, 64, 64);
        broken.Planes[7] = 100; // far beyond the range that a metric is made for
        var images = await AddAsync(ImageFixtures.Waves(3, 64, 64), 0.1);
        var bad = await AddImageAsync(images[0].Dataset, "broken.tif", broken);

        var (_, cells) = await MeasureAsync(ComparisonLayout.Reference, [images[0], bad, images[1]], "psnr", "builtin");

        cells.Where(cell => cell.Pair == 0).ShouldAllBe(cell => cell.State == CellState.Failed && cell.Problem!.Contains("reaches 100"));
        cells.Where(cell => cell.Pair == 1).ShouldAllBe(cell => cell.State == CellState.Done);
    }

    [Fact]
    public async Task All_pairs_should_be_measured_once_each()
    {
        var images = await AddAsync(ImageFixtures.Waves(3, 64, 64), 0.05, 0.1);

        var (_, cells) = await MeasureAsync(ComparisonLayout.Matrix, images, "psnr", "builtin");

        cells.Select(cell => (cell.Pair, cell.Metric)).ShouldBeUnique();
        cells.Count.ShouldBe(6);
        Find(cells, 2, "psnr").Score!.Value.ShouldBe(19, 0.5); // two noisy images: −10·log₁₀(0.05² + 0.1²)
    }

    private static ComparisonCell Find(IEnumerable<ComparisonCell> cells, int pair, string metric) => cells.Single(cell => (cell.Pair, cell.Metric) == (pair, metric));

    private async Task<(ComparisonId Id, List<ComparisonCell> Cells)> MeasureAsync(ComparisonLayout layout, ImageRef[] images, params string[] metrics)
    {
        var id = ComparisonId.New();
        await TestServer.AsOwner(() => Server.Grains.Comparison(id).CreateSetAsync(TestServer.Workspace, new(layout, images, metrics.Length > 0 ? metrics : Metrics)));
        await EndAsync(id, 1);
        return (id, await Some.CellsAsync(Server.Grains, id));
    }

    /// <summary>Waits for the end of a comparison's present job.</summary>
    private async Task EndAsync(ComparisonId id, int job)
    {
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Server.Grains, Server.Grains.Comparison(id), TestServer.Owner);
        var ended = await live.UntilAsync(snapshot => snapshot.JobState is JobState.Succeeded or JobState.Failed);
        ended.Problem.ShouldBeNull($"job {job}");
    }

    private async Task<ImageRef[]> AddAsync(ImageBuffer clean, params double[] sigmas)
    {
        var dataset = await TestServer.AsOwner(() => Server.Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Set"));
        var images = new List<ImageRef> { await AddImageAsync(dataset, "clean.tif", clean) };
        foreach (var (index, sigma) in sigmas.Index())
        {
            images.Add(await AddImageAsync(dataset, $"noisy {index}.tif", GaussianNoise.Corrupt(clean, sigma, seed: (ulong)index + 1)));
        }

        return [.. images];
    }

    private async Task<ImageRef> AddImageAsync(DatasetId dataset, string name, ImageBuffer image)
    {
        using var file = new MemoryStream();
        ImageWriter.Write(image, file, OutputFormat.Tiff32F);
        file.Position = 0;
        var added = await TestServer.AsOwner(
            () => Server.Services.GetRequiredService<ImageIngest>().AddAsync(dataset, name, file, TestContext.Current.CancellationToken));
        return new ImageRef(dataset, added.Id);
    }
}
