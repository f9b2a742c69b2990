using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Metrics;
using Grainy.Grains.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Storage;

namespace Grainy.Grains.Tests.Metrics;

/// <summary>What stays known: over comparisons of a workspace, over a crash, and from earlier versions.</summary>
public sealed class ComparisonMemoryTests : ServerTests
{
    private static readonly WorkspaceId Elsewhere = new("elsewhere");

    [Fact]
    public async Task Values_of_the_same_contents_should_be_there_at_once_in_another_comparison_and_in_either_order()
    {
        var (_, images) = await Server.NewImagesAsync(3);
        await RememberAsync(TestServer.Workspace, images[0], images[1], Some.Cell(0, "psnr", 31.5).Score!);

        var id = await CreateAsync(TestServer.Workspace, TestServer.Owner, ["psnr"], images[1], images[0]);

        var cell = (await Some.CellsAsync(Grains, id)).ShouldHaveSingleItem();
        (cell.State, cell.Remembered, cell.Score!.Value).ShouldBe((CellState.Done, true, 31.5));
        var snapshot = await TestServer.AsOwner(() => Grains.Comparison(id).GetAsync());
        (snapshot.Job, snapshot.CellsSettled).ShouldBe((null, 1)); // nothing had to be computed
    }

    [Fact]
    public async Task Only_what_is_not_known_should_be_measured()
    {
        var (_, images) = await Server.NewImagesAsync(3);
        await RememberAsync(TestServer.Workspace, images[0], images[2], Some.Cell(0, "psnr", 31.5).Score!);

        var id = await CreateAsync(TestServer.Workspace, TestServer.Owner, ["psnr"], images);

        await Executor.NextAsync();
        (await Some.CellsAsync(Grains, id)).OrderBy(cell => cell.Pair).Select(cell => cell.State).ShouldBe([CellState.Waiting, CellState.Done]);
    }

    [Fact]
    public async Task Values_should_never_be_seen_from_another_workspace()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        await RememberAsync(TestServer.Workspace, images[0], images[1], Some.Cell(0, "psnr", 31.5).Score!);
        await Caller.AsAsync(Caller.System, () => Grains.Workspace(Elsewhere).SetMemberAsync(new UserId("eve"), WorkspaceRole.Owner));
        var eve = Caller.User(new UserId("eve"));
        var copies = await Caller.AsAsync(eve, async () =>
        {
            var dataset = await Grains.Workspace(Elsewhere).CreateDatasetAsync("The same pictures");
            var first = await Grains.Dataset(dataset).AddImageAsync(TestImages.Info("image 0.png"));
            var second = await Grains.Dataset(dataset).AddImageAsync(TestImages.Info("image 1.png"));
            return new[] { new ImageRef(dataset, first.Id), new ImageRef(dataset, second.Id) };
        });

        var id = await CreateAsync(Elsewhere, eve, ["psnr"], copies);

        var cell = (await Caller.AsAsync(eve, () => Grains.Comparison(id).GetCellsAsync(0, 10))).ShouldHaveSingleItem();
        (cell.State, cell.Score).ShouldBe((CellState.Waiting, null));
    }

    [Fact]
    public async Task Memory_should_be_bounded_and_forget_what_nobody_asked_for_the_longest()
    {
        var shard = Grains.GetGrain<IScoreShardGrain>("main/00");
        var score = Some.Cell(0, "psnr", 1).Score!;
        foreach (var some in Enumerable.Range(0, ScoreShardGrain.Most).Chunk(50))
        {
            await AsSystem(() => shard.RememberAsync([.. some.Select(i => new RememberedScore($"{i}", score, null))]));
        }

        (await AsSystem(() => shard.FindAsync(["0"])))[0].ShouldNotBeNull();
        await AsSystem(() => shard.RememberAsync([new RememberedScore("new", score, null)]));

        (await AsSystem(() => shard.FindAsync(["0", "1", "2", "new"]))).Select(found => found is not null).ShouldBe([true, false, true, true]);
    }

    [Fact]
    public async Task Comparison_stored_by_an_earlier_version_should_open_with_its_values_and_be_measured_further()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var infos = await TestServer.AsOwner(() => Task.WhenAll(images.Select(image => Grains.Dataset(image.Dataset).GetImageAsync(image.Image))));
        var id = ComparisonId.New();
        var old = new Earlier(
            TestServer.Workspace, images[0], images[1], infos[0], infos[1],
            [new("psnr", double.PositiveInfinity, null, 1, 1, "psnr", true), new("elpips-builtin", 0.25, 0.01, 200, 1, "elpips", true)],
            new JobId("job-0"), JobState.Succeeded, null, DateTimeOffset.UnixEpoch);
        await Server.Services.GetRequiredService<IGrainStorage>().WriteStateAsync(
            "comparison", GrainId.Create("comparison", id.Value), new GrainState<Earlier>(old));

        var snapshot = await TestServer.AsOwner(() => Grains.Comparison(id).GetAsync());
        var cells = await Some.CellsAsync(Grains, id);
        await TestServer.AsOwner(() => Grains.Comparison(id).RefineAsync("elpips-builtin", null));

        (snapshot.Left, snapshot.RightInfo, snapshot.Images, snapshot.CellsSettled).ShouldBe((images[0], infos[1], 2, 2));
        snapshot.Scores.ShouldBe(old.Scores);
        cells.Select(cell => (cell.Metric, cell.State)).ShouldBe([("psnr", CellState.Done), ("elpips-builtin", CellState.Done)]);
        (await Executor.NextAsync()).Assignment.Spec.ShouldBeOfType<MeasureSpec>().Images.ShouldBe(images);
    }

    private async Task<ComparisonId> CreateAsync(WorkspaceId workspace, string caller, string[] metrics, params ImageRef[] images)
    {
        var id = ComparisonId.New();
        await Caller.AsAsync(caller, () => Grains.Comparison(id).CreateSetAsync(workspace, new ComparisonPlan(ComparisonLayout.Reference, images, metrics)));
        return id;
    }

    private async Task RememberAsync(WorkspaceId workspace, ImageRef first, ImageRef second, MetricScore score)
    {
        var infos = await TestServer.AsOwner(() => Task.WhenAll(
            Grains.Dataset(first.Dataset).GetImageAsync(first.Image), Grains.Dataset(second.Dataset).GetImageAsync(second.Image)));
        await Server.Services.GetRequiredService<ScoreMemory>().RememberAsync(workspace, [(infos[0].Pixels.Sha256, infos[1].Pixels.Sha256, score, null)]);
    }

    private static Task AsSystem(Func<Task> call) => Caller.AsAsync(Caller.System, call);

    private static Task<T> AsSystem<T>(Func<Task<T>> call) => Caller.AsAsync(Caller.System, call);

    /// <summary>The record as it was stored before there were cells: schema 1.</summary>
    private sealed record Earlier(
        WorkspaceId Workspace, ImageRef Left, ImageRef Right, ImageInfo LeftInfo, ImageInfo RightInfo, MetricScore[] Scores, JobId? Job, JobState? JobState,
        string? Problem, DateTimeOffset CreatedAt);
}
