using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Grains.Jobs.Executors;
using Grainy.Grains.Tests.Kit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grainy.Grains.Tests.Jobs;

/// <summary>What a person sees after the server ended, one way or the other, and was started again over the same folder.</summary>
public sealed class JobRestartTests
{
    private readonly ScriptedExecutor _before = new();
    private readonly ScriptedExecutor _after = new();

    [Fact]
    public async Task Running_job_should_go_on_at_once_from_its_checkpoint_when_the_server_was_killed()
    {
        var folder = TestServer.NewFolder();
        var first = await StartAsync(folder, _before);
        var (job, spec) = await SubmitAsync(first);
        var run = await _before.NextAsync();
        await run.Run.CommitAsync(new JobCheckpoint(42, TestImages.Blob("checkpoint"), 7));

        await first.KillAsync();
        await using var second = await StartAsync(folder, _after);

        var resumed = (await _after.NextAsync()).Assignment;
        (resumed.Job, resumed.Attempt).ShouldBe((job, 2));
        resumed.Checkpoint.ShouldBe(new JobCheckpoint(42, TestImages.Blob("checkpoint"), 7));
        resumed.Spec.ShouldBeOfType<TrainSpec>().Images.ShouldBe(spec.Images);
    }

    [Fact]
    public async Task Waiting_job_should_wait_still_when_the_server_was_killed()
    {
        var folder = TestServer.NewFolder();
        var first = await StartAsync(folder, _before);
        var (running, spec) = await SubmitAsync(first);
        await _before.NextAsync();
        var (waiting, _) = await SubmitAsync(first);

        await first.KillAsync();
        await using var second = await StartAsync(folder, _after);

        var resumed = await _after.NextAsync();
        resumed.Assignment.Job.ShouldBe(running);
        resumed.Result.SetResult(ServerTests.ResultOf(spec));
        (await _after.NextAsync()).Assignment.Job.ShouldBe(waiting);
    }

    [Fact]
    public async Task Running_job_should_be_asked_to_stop_and_go_on_later_when_the_server_stops()
    {
        var folder = TestServer.NewFolder();
        var first = await StartAsync(folder, _before);
        var (job, _) = await SubmitAsync(first);
        var run = await _before.NextAsync();

        await first.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), TestContext.Current.CancellationToken);
        run.Run.Stopping.IsCancellationRequested.ShouldBeTrue();
        await using var second = await StartAsync(folder, _after);

        var resumed = (await _after.NextAsync()).Assignment;
        (resumed.Job, resumed.Attempt).ShouldBe((job, 2));
    }

    private static Task<TestServer> StartAsync(string folder, ScriptedExecutor executor) =>
        TestServer.StartAsync(folder, services => services.RemoveAll<IJobExecutor>().AddSingleton<IJobExecutor>(executor));

    private static async Task<(JobId Job, TrainSpec Spec)> SubmitAsync(TestServer server)
    {
        var (_, images) = await server.NewImagesAsync(1);
        var (job, spec) = (JobId.New(), new TrainSpec { Model = ModelId.New(), Images = images });
        await TestServer.AsOwner(() => server.Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Training", spec)));
        return (job, spec);
    }
}
