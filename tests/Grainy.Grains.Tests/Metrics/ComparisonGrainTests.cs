using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Metrics;

public sealed class ComparisonGrainTests : ServerTests
{
    [Fact]
    public async Task Comparison_should_be_measured_at_once_and_show_values_as_they_improve()
    {
        var (id, run) = await CompareAsync(2, "psnr", "elpips-builtin");
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Grains, Grains.Comparison(id), TestServer.Owner);

        await AddAsync(id, run, Some.Cell(0, "psnr", double.PositiveInfinity));
        await AddAsync(id, run, Some.Cell(0, "elpips-builtin", 0.5, error: 0.1, final: false));
        await live.UntilAsync(snapshot => snapshot is { Scores.Length: 2, CellsSettled: 1, JobState: JobState.Running });
        await AddAsync(id, run, Some.Cell(0, "elpips-builtin", 0.4, error: 0.01));
        run.Result.SetResult(new MeasureResult(2, 0));

        var ended = await live.UntilAsync(snapshot => snapshot.JobState == JobState.Succeeded);
        ended.CellsSettled.ShouldBe(2);
        ended.Scores.Select(score => (score.Metric, score.Value)).ShouldBe([("psnr", double.PositiveInfinity), ("elpips-builtin", 0.4)]);
    }

    [Fact]
    public async Task Values_of_an_earlier_job_should_be_dropped()
    {
        var (id, _) = await CompareAsync(2, "psnr");

        await Caller.AsAsync(Caller.System, () => Grains.Comparison(id).AddCellsAsync(JobId.New(), [Some.Cell(0, "psnr", 1)]));

        (await TestServer.AsOwner(() => Grains.Comparison(id).GetAsync())).Scores.ShouldBeEmpty();
    }

    [Fact]
    public async Task Measuring_again_should_give_the_running_job_while_one_runs_and_a_new_one_for_what_is_missing_later()
    {
        var (id, run) = await CompareAsync(3, "psnr");
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Grains, Grains.Comparison(id), TestServer.Owner);
        await AddAsync(id, run, Some.Cell(1, "psnr", 30));

        (await TestServer.AsOwner(() => Grains.Comparison(id).ScoreAsync())).ShouldBe(run.Assignment.Job);
        run.Result.SetException(new RefusedException(Refusal.Invalid, "Too small."));
        (await live.UntilAsync(snapshot => snapshot.JobState == JobState.Failed)).Problem.ShouldBe("Too small.");
        var next = await TestServer.AsOwner(() => Grains.Comparison(id).ScoreAsync());

        next.ShouldNotBe(run.Assignment.Job);
        (await Executor.NextAsync()).Assignment.Job.ShouldBe(next);
        (await CellsAsync(id)).Select(cell => (cell.Pair, cell.State)).ShouldBe([(1, CellState.Done), (0, CellState.Waiting)], ignoreOrder: true);
    }

    [Fact]
    public async Task Cancelling_should_keep_what_is_measured_and_the_samples_of_an_estimate()
    {
        var (id, run) = await CompareAsync(4, "elpips-builtin");
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Grains, Grains.Comparison(id), TestServer.Owner);
        await AddAsync(id, run, Some.Cell(0, "elpips-builtin", 0.1, error: 0.01));
        await AddAsync(id, run, Some.Cell(1, "elpips-builtin", 0.2, error: 0.05, final: false));

        await TestServer.AsOwner(() => Grains.Comparison(id).CancelAsync());

        await live.UntilAsync(snapshot => snapshot.JobState == JobState.Cancelled);
        (await CellsAsync(id)).OrderBy(cell => cell.Pair).Select(cell => (cell.State, cell.Score?.Value, cell.Score?.Final))
            .ShouldBe([(CellState.Done, 0.1, true), (CellState.Done, 0.2, false), (CellState.Waiting, null, null)]);
    }

    [Fact]
    public async Task Refining_should_ask_for_four_times_the_samples_of_the_chosen_estimates_alone()
    {
        var (id, run) = await CompareAsync(3, "psnr", "elpips-builtin");
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Grains, Grains.Comparison(id), TestServer.Owner);
        await AddAsync(
            id, run, Some.Cell(0, "psnr", 20), Some.Cell(1, "psnr", 30),
            Some.Cell(0, "elpips-builtin", 0.1, error: 0.01, samples: 60), Some.Cell(1, "elpips-builtin", 0.2, error: 0.01, samples: 200));
        await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Comparison(id).RefineAsync(null, null)), "while measuring");
        run.Result.SetResult(new MeasureResult(4, 0));
        await live.UntilAsync(snapshot => snapshot.JobState == JobState.Succeeded);

        var refused = await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Comparison(id).RefineAsync("psnr", null)));
        refused.Message.ShouldContain("exact");
        await TestServer.AsOwner(() => Grains.Comparison(id).RefineAsync(null, null));

        var second = await Executor.NextAsync();
        (await CellsAsync(id)).Where(cell => cell.State == CellState.Waiting).Select(cell => (cell.Metric, cell.Goal, cell.Score!.Final))
            .ShouldBe([("elpips-builtin", 800, false), ("elpips-builtin", 800, false)]);
        await AddAsync(id, second, Some.Cell(0, "elpips-builtin", 0.11, error: 0.005, samples: 800));
        second.Result.SetResult(new MeasureResult(1, 0));
        await live.UntilAsync(snapshot => snapshot.Job == second.Assignment.Job && snapshot.JobState == JobState.Succeeded);
        (await CellsAsync(id)).Single(cell => cell is { Pair: 0, Metric: "elpips-builtin" }).Score!.Samples.ShouldBe(800);
    }

    [Fact]
    public async Task Cells_should_come_in_pages_by_revision_so_that_a_reader_gets_each_change_once()
    {
        var (id, run) = await CompareAsync(12, ComparisonLayout.Matrix, "psnr", "ssim");

        var first = await TestServer.AsOwner(() => Grains.Comparison(id).GetCellsAsync(0, 60));
        var all = await CellsAsync(id);
        await AddAsync(id, run, Some.Cell(5, "ssim", 0.5), Some.Cell(2, "psnr", 20));
        var changed = await TestServer.AsOwner(() => Grains.Comparison(id).GetCellsAsync(all.Max(cell => cell.Revision), 60));

        first.Length.ShouldBe(60);
        all.Count.ShouldBe(66 * 2);
        all.Select(cell => (cell.Pair, cell.Metric)).ShouldBeUnique();
        changed.Select(cell => (cell.Pair, cell.Metric)).ShouldBe([(5, "ssim"), (2, "psnr")], ignoreOrder: true);
    }

    [Fact]
    public async Task Largest_comparisons_should_stay_within_the_size_of_messages()
    {
        // The server under test refuses any message of 64 KB; the names are as long as names get.
        var metrics = Service<Core.Metrics.MetricCatalog>().Names.ToArray();
        var (many, run) = await CompareAsync(ComparisonPairs.MostImages, ComparisonLayout.Reference, metrics);
        await AddAsync(many, run, [.. metrics.Select(metric => Some.Cell(23, metric, 0.5, error: 0.1))]);

        (await CellsAsync(many)).Count.ShouldBe(24 * metrics.Length);
        (await TestServer.AsOwner(() => Grains.Comparison(many).GetImagesAsync(0, 30))).Length.ShouldBe(25);
        await TestServer.AsOwner(() => Grains.Comparison(many).GetAsync());
    }

    [Fact]
    public async Task Images_of_different_sizes_should_be_refused_with_both_sizes()
    {
        var (dataset, images) = await Server.NewImagesAsync(2);
        var wide = await TestServer.AsOwner(() => Grains.Dataset(dataset).AddImageAsync(TestImages.Info("wide.png", 640, 480)));

        var refused = await RefusedAsync(new(ComparisonLayout.Matrix, [.. images, new(dataset, wide.Id)], []));

        refused.Reason.ShouldBe(Refusal.Invalid);
        refused.Message.ShouldContain("64 × 64");
        refused.Message.ShouldContain("640 × 480");
    }

    [Fact]
    public async Task Senseless_plans_should_be_refused_with_a_sentence()
    {
        var (_, images) = await Server.NewImagesAsync(13);

        (await RefusedAsync(new(ComparisonLayout.Reference, images[..1], []))).Message.ShouldContain("at least two");
        (await RefusedAsync(new(ComparisonLayout.Matrix, images, []))).Message.ShouldContain("at most 12");
        (await RefusedAsync(new(ComparisonLayout.Reference, [images[0], images[0]], []))).Message.ShouldContain("twice");
        (await RefusedAsync(new(ComparisonLayout.Reference, images[..2], ["lpips-resnet"]))).Message.ShouldContain("There is no metric 'lpips-resnet'");
    }

    private static Task AddAsync(ComparisonId id, ScriptedRun run, params ComparisonCell[] cells) =>
        Caller.AsAsync(Caller.System, () => run.Run.Grains.Comparison(id).AddCellsAsync(run.Assignment.Job, cells));

    private async Task<RefusedException> RefusedAsync(ComparisonPlan plan) => await Should.ThrowAsync<RefusedException>(
        () => TestServer.AsOwner(() => Grains.Comparison(ComparisonId.New()).CreateSetAsync(TestServer.Workspace, plan)));

    private Task<(ComparisonId Id, ScriptedRun Run)> CompareAsync(int images, params string[] metrics) => CompareAsync(images, ComparisonLayout.Reference, metrics);

    private async Task<(ComparisonId Id, ScriptedRun Run)> CompareAsync(int images, ComparisonLayout layout, params string[] metrics)
    {
        var (_, refs) = await Server.NewImagesAsync(images);
        var id = ComparisonId.New();
        await TestServer.AsOwner(() => Grains.Comparison(id).CreateSetAsync(TestServer.Workspace, new ComparisonPlan(layout, refs, metrics)));
        return (id, await Executor.NextAsync());
    }

    private Task<List<ComparisonCell>> CellsAsync(ComparisonId id) => Some.CellsAsync(Grains, id);
}
