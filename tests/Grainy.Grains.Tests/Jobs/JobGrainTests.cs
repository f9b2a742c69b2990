using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Jobs;

public sealed class JobGrainTests : ServerTests
{
    [Fact]
    public async Task Job_should_succeed_and_promote_its_model_when_the_device_completes_it()
    {
        var (job, spec) = await SubmitTrainingAsync();
        var live = await WatchAsync(job);

        var run = await Executor.NextAsync();
        run.Run.Report(new JobProgress { Step = 10, Steps = 100, Fraction = 0.1, Loss = 1.5, Activity = "training" });
        var reported = await live.UntilAsync(snapshot => snapshot.Progress?.Step == 10);
        run.Result.SetResult(ResultOf(spec));
        var ended = await live.UntilAsync(snapshot => snapshot.State == JobState.Succeeded);

        reported.State.ShouldBe(JobState.Running);
        reported.Loss.ShouldBe([new LossPoint(10, 1.5)]);
        ended.Result.ShouldBeOfType<Contracts.Training.TrainResult>().Steps.ShouldBe(100);
        ended.EndedAt.ShouldNotBeNull();
        var model = await TestServer.AsOwner(() => Grains.Model(spec.Model).GetAsync());
        model.Weights.ShouldBe(TestImages.Blob("weights"));
        var entry = (await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).ListAsync(EntryKind.Job, 0, 10))).ShouldHaveSingleItem();
        entry.Note.ShouldBe("succeeded");
    }
}
