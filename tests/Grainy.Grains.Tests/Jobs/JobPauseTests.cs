using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Jobs;

public sealed class JobPauseTests : ServerTests
{
    private IJobRunGrain Side(JobId job) => Grains.GetGrain<IJobRunGrain>(job.Value);

    [Fact]
    public async Task Paused_training_should_free_its_device_and_go_on_from_its_checkpoint()
    {
        var (job, spec) = await SubmitTrainingAsync();
        var first = await Executor.NextAsync();
        await CommitAsync(job, 10, 5);
        var live = await WatchAsync(job);

        await TestServer.AsOwner(() => Grains.Job(job).PauseAsync());
        await live.UntilAsync(snapshot => snapshot.State == JobState.Paused);
        first.Run.Stopping.IsCancellationRequested.ShouldBeTrue();
        var (other, otherSpec) = await SubmitTrainingAsync();
        (await Executor.NextAsync()).Result.SetResult(ResultOf(otherSpec)); // the device is free
        await (await WatchAsync(other)).UntilAsync(snapshot => snapshot.State == JobState.Succeeded);

        await TestServer.AsOwner(() => Grains.Job(job).ResumeAsync());

        var second = await Executor.NextAsync();
        (second.Assignment.Attempt, second.Assignment.Checkpoint?.Step).ShouldBe((2, 10L));
        second.Result.SetResult(ResultOf(spec));
        await live.UntilAsync(snapshot => snapshot.State == JobState.Succeeded);
    }

    [Fact]
    public async Task Training_that_is_finished_early_should_end_with_what_it_has()
    {
        var (job, spec) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        await CommitAsync(job, 10, 5);

        await TestServer.AsOwner(() => Grains.Job(job).FinishAsync());

        var last = await Executor.NextAsync();
        ((TrainSpec)last.Assignment.Spec).BudgetSeconds.ShouldBe(5); // all of it is spent
        last.Result.SetResult(ResultOf(spec));
        await (await WatchAsync(job)).UntilAsync(snapshot => snapshot.State == JobState.Succeeded);
    }

    [Fact]
    public async Task Paused_training_should_end_when_it_is_cancelled_and_refuse_to_finish_with_nothing()
    {
        var (job, _) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        await TestServer.AsOwner(() => Grains.Job(job).PauseAsync());
        var live = await WatchAsync(job);
        await live.UntilAsync(snapshot => snapshot.State == JobState.Paused);

        (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Job(job).FinishAsync()))).Message.ShouldContain("Nothing is learned yet");
        await TestServer.AsOwner(() => Grains.Job(job).CancelAsync());

        (await TestServer.AsOwner(() => Grains.Job(job).GetAsync())).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Extended_training_should_learn_further_from_its_last_step_and_keep_its_result_meanwhile()
    {
        var (job, spec) = await SubmitTrainingAsync();
        var first = await Executor.NextAsync();
        await CommitAsync(job, 100, 120);
        first.Result.SetResult(ResultOf(spec));
        var live = await WatchAsync(job);
        var ended = await live.UntilAsync(snapshot => snapshot.State == JobState.Succeeded);

        await TestServer.AsOwner(() => Grains.Job(job).ExtendAsync(60));

        var second = await Executor.NextAsync();
        var further = (TrainSpec)second.Assignment.Spec;
        (further.BudgetSeconds, further.Extensions, second.Assignment.Checkpoint?.Step).ShouldBe((180, 1, 100L));
        (await TestServer.AsOwner(() => Grains.Job(job).GetAsync())).Result.ShouldBeOfType<TrainResult>().Weights.ShouldBe(((TrainResult)ended.Result!).Weights);
        second.Result.SetResult(ResultOf(spec) with { Steps = 150 });
        (await live.UntilAsync(snapshot => snapshot.Result is TrainResult { Steps: 150 })).State.ShouldBe(JobState.Succeeded);
        (await TestServer.AsOwner(() => Grains.Model(spec.Model).GetAsync())).Steps.ShouldBe(150);
    }

    [Fact]
    public async Task Extension_should_be_refused_before_the_end_and_beyond_a_day()
    {
        var (job, spec) = await SubmitTrainingAsync();
        var run = await Executor.NextAsync();
        await CommitAsync(job, 100, 120);
        (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Job(job).ExtendAsync(60)))).Reason.ShouldBe(Refusal.Conflict);
        run.Result.SetResult(ResultOf(spec));
        await (await WatchAsync(job)).UntilAsync(snapshot => snapshot.State == JobState.Succeeded);

        (await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Job(job).ExtendAsync(86_400)))).Reason.ShouldBe(Refusal.Invalid);
    }

    [Fact]
    public async Task Full_result_of_sixty_images_should_fit_into_a_message()
    {
        var (job, spec) = await SubmitTrainingAsync();
        var run = await Executor.NextAsync();
        var text = new string('x', 260);
        var trust = new TrustReport
        {
            Lag = new LagFinding(1, 1, 0.1),
            ExpectedSigma = 0.1,
            Second = new SecondFrameScore(spec.Images[0], 30, 29, 31, 20),
            Remarks = [new NoiseRemark("residual-structured", text)],
        };
        var doubt = new DoubtMap(TestImages.Blob("png"), TestImages.Blob("tif"), 0.1, 0.2, 0.05);
        DenoisedImage[] images =
            [.. Enumerable.Range(0, 60).Select(_ => new DenoisedImage(spec.Images[0], new ImageRef(spec.Images[0].Dataset, ImageId.New()), 20, 30) { Trust = trust, Doubt = doubt })];

        run.Result.SetResult(new TrainResult(TestImages.Blob("weights"), 100, images, [.. Enumerable.Repeat(text, 9)])); // the server's filter fails calls of 64 KB and more

        var ended = await (await WatchAsync(job)).UntilAsync(snapshot => snapshot.EndedAt is not null);
        ended.Problem.ShouldBeNull();
        ended.Result.ShouldBeOfType<TrainResult>().Images.Length.ShouldBe(60);
    }

    private Task CommitAsync(JobId job, long step, double seconds) =>
        Caller.AsAsync(Caller.System, async () => (await Side(job).CommitAsync(1, new JobCheckpoint(step, TestImages.Blob("checkpoint"), seconds))).ShouldBeTrue());
}
