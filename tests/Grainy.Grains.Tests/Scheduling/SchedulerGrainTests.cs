using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Scheduling;

public sealed class SchedulerGrainTests : ServerTests
{
    private static readonly string Bob = Caller.User(new UserId("bob"));

    [Fact]
    public async Task Owners_should_take_turns_when_one_submitted_many_before_the_other()
    {
        await Caller.AsAsync(Caller.System, () => Grains.Workspace(TestServer.Workspace).SetMemberAsync(new UserId("bob"), Contracts.Workspaces.WorkspaceRole.Editor));
        var (_, spec) = await SubmitTrainingAsync();
        var first = await Executor.NextAsync();
        await SubmitTrainingAsync();
        await SubmitTrainingAsync();
        var (bobs, _) = await SubmitTrainingAsync(Bob);
        var waiting = await TestServer.AsOwner(() => Grains.Job(bobs).GetAsync());

        first.Result.SetResult(ResultOf(spec));

        waiting.QueuePosition.ShouldBe(0); // next, although two came before him
        (await Executor.NextAsync()).Assignment.Job.ShouldBe(bobs);
    }

    [Fact]
    public async Task Interactive_job_should_run_beside_a_training()
    {
        await SubmitTrainingAsync();
        await Executor.NextAsync();
        var (dataset, _) = await Server.NewImagesAsync(1);
        var sample = JobId.New();

        await TestServer.AsOwner(
            () => Grains.Job(sample).SubmitAsync(new JobSubmission(TestServer.Workspace, "Samples", new Contracts.Datasets.SampleSpec(dataset, "photo", 1))));

        (await Executor.NextAsync()).Assignment.Job.ShouldBe(sample);
    }

    [Fact]
    public async Task Job_should_run_on_another_device_when_its_device_cannot_be_reached()
    {
        var (_, spec) = await SubmitTrainingAsync();
        var busy = await Executor.NextAsync();
        await Caller.AsAsync(Caller.System, () => Grains.Scheduler().AnnounceAsync(DeviceId.Of("nowhere", "cpu"), Guid.NewGuid()));
        var (job, _) = await SubmitTrainingAsync(); // goes to the device that is free but not there
        var live = await WatchAsync(job);
        await live.UntilAsync(snapshot => snapshot.Attempt == 1 && snapshot.State == JobState.Queued);

        busy.Result.SetResult(ResultOf(spec));

        var run = await Executor.NextAsync();
        (run.Assignment.Job, run.Run.Device).ShouldBe((job, Server.Device));
    }
}
