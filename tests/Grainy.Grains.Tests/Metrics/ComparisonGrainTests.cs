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
        var (_, images) = await Server.NewImagesAsync(2);
        var id = ComparisonId.New();
        await TestServer.AsOwner(() => Grains.Comparison(id).CreateAsync(TestServer.Workspace, images[0], images[1]));
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Grains, Grains.Comparison(id), TestServer.Owner);
        var run = await Executor.NextAsync();

        await AddAsync(id, run, Score("psnr", double.PositiveInfinity, final: true));
        await AddAsync(id, run, Score("elpips", 0.5, final: false));
        await live.UntilAsync(snapshot => snapshot.Scores.Length == 2 && snapshot.JobState == JobState.Running);
        await AddAsync(id, run, Score("elpips", 0.4, final: true));
        run.Result.SetResult(new ScoreResult([]));

        var ended = await live.UntilAsync(snapshot => snapshot.JobState == JobState.Succeeded);
        ended.Scores.Select(score => (score.Metric, score.Value)).ShouldBe([("psnr", double.PositiveInfinity), ("elpips", 0.4)]);
    }

    [Fact]
    public async Task Values_of_an_earlier_job_should_be_dropped()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var id = ComparisonId.New();
        await TestServer.AsOwner(() => Grains.Comparison(id).CreateAsync(TestServer.Workspace, images[0], images[1]));
        await Executor.NextAsync();

        await Caller.AsAsync(Caller.System, () => Grains.Comparison(id).AddScoresAsync(JobId.New(), [Score("psnr", 1, final: true)]));

        (await TestServer.AsOwner(() => Grains.Comparison(id).GetAsync())).Scores.ShouldBeEmpty();
    }

    [Fact]
    public async Task Measuring_again_should_give_the_running_job_while_one_runs_and_a_new_one_later()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var id = ComparisonId.New();
        await TestServer.AsOwner(() => Grains.Comparison(id).CreateAsync(TestServer.Workspace, images[0], images[1]));
        var run = await Executor.NextAsync();
        var live = await LiveProbe<ComparisonSnapshot>.WatchAsync(Grains, Grains.Comparison(id), TestServer.Owner);

        (await TestServer.AsOwner(() => Grains.Comparison(id).ScoreAsync())).ShouldBe(run.Assignment.Job);
        run.Result.SetException(new RefusedException(Refusal.Invalid, "Too small."));
        (await live.UntilAsync(snapshot => snapshot.JobState == JobState.Failed)).Problem.ShouldBe("Too small.");
        var next = await TestServer.AsOwner(() => Grains.Comparison(id).ScoreAsync());

        next.ShouldNotBe(run.Assignment.Job);
        (await Executor.NextAsync()).Assignment.Job.ShouldBe(next);
    }

    [Fact]
    public async Task Images_of_different_sizes_should_be_refused_with_both_sizes()
    {
        var (dataset, images) = await Server.NewImagesAsync(1);
        var wide = await TestServer.AsOwner(() => Grains.Dataset(dataset).AddImageAsync(TestImages.Info("wide.png", 640, 480)));

        var refused = await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(
            () => Grains.Comparison(ComparisonId.New()).CreateAsync(TestServer.Workspace, images[0], new(dataset, wide.Id))));

        refused.Reason.ShouldBe(Refusal.Invalid);
        refused.Message.ShouldContain("64 × 64");
        refused.Message.ShouldContain("640 × 480");
    }

    private Task AddAsync(ComparisonId id, ScriptedRun run, MetricScore score) =>
        Caller.AsAsync(Caller.System, () => Grains.Comparison(id).AddScoresAsync(run.Assignment.Job, [score]));

    private static MetricScore Score(string metric, double value, bool final) => new(metric, value, null, 1, 1, "fingerprint", final);
}
