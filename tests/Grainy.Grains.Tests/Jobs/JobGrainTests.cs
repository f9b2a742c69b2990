using System.Diagnostics;
using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Core.Denoising;
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
        ended.Result.ShouldBeOfType<TrainResult>().Steps.ShouldBe(100);
        ended.EndedAt.ShouldNotBeNull();
        var model = await TestServer.AsOwner(() => Grains.Model(spec.Model).GetAsync());
        model.Weights.ShouldBe(TestImages.Blob("weights"));
        var entry = (await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).ListAsync(EntryKind.Job, 0, 10))).ShouldHaveSingleItem();
        entry.Note.ShouldBe("succeeded");
    }

    [Fact]
    public async Task Held_out_measurements_should_all_arrive_and_end_in_advice()
    {
        var (job, _) = await SubmitTrainingAsync();
        var live = await WatchAsync(job);
        var run = await Executor.NextAsync();

        foreach (var step in Enumerable.Range(1, 9))
        {
            // Faster than reports are sent: none of them may be lost.
            run.Run.Report(new JobProgress { Step = 10 * step, HeldOut = [new LossPoint(10 * step, 9 - step)] });
            run.Run.Report(new JobProgress { Step = (10 * step) + 5 });
        }

        var snapshot = await live.UntilAsync(snapshot => snapshot.HeldOut.Length == 9);
        snapshot.HeldOut.ShouldBe(Enumerable.Range(1, 9).Select(step => new LossPoint(10 * step, 9 - step)));
        snapshot.Advice.ShouldNotBeNull().Verdict.ShouldBe(TrainingVerdict.GoOn);
        snapshot.Progress!.HeldOut.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hold_out_should_be_refused_where_it_leaves_nothing_or_means_nothing()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        Task SubmitAsync(TrainSpec spec) => TestServer.AsOwner(() =>
            Grains.Job(JobId.New()).SubmitAsync(new JobSubmission(TestServer.Workspace, "Training", spec with { Model = ModelId.New(), Images = images })));

        (await Should.ThrowAsync<RefusedException>(() => SubmitAsync(new TrainSpec { Model = default, Images = [], HoldOut = 2 }))).Message.ShouldContain("hold out fewer");
        (await Should.ThrowAsync<RefusedException>(() => SubmitAsync(new TrainSpec { Model = default, Images = [], HoldOut = 1, Method = "noise2void" }))).Message
            .ShouldContain("only a blind-spot training");
    }

    [Fact]
    public async Task Job_should_be_cancelled_at_once_when_it_only_waited()
    {
        var (running, spec) = await SubmitTrainingAsync();
        var first = await Executor.NextAsync();
        var (waiting, _) = await SubmitTrainingAsync();

        await TestServer.AsOwner(() => Grains.Job(waiting).CancelAsync());

        var cancelled = await TestServer.AsOwner(() => Grains.Job(waiting).GetAsync());
        cancelled.State.ShouldBe(JobState.Cancelled);
        cancelled.Attempt.ShouldBe(0);
        first.Result.SetResult(ResultOf(spec));
        var live = await WatchAsync(running);
        await live.UntilAsync(snapshot => snapshot.State == JobState.Succeeded);
        Executor.Idle.ShouldBeTrue();
    }

    [Fact]
    public async Task Job_should_stop_its_run_when_it_is_cancelled_and_stay_cancelled()
    {
        var (job, _) = await SubmitTrainingAsync();
        var run = await Executor.NextAsync();
        var live = await WatchAsync(job);

        await TestServer.AsOwner(() => Grains.Job(job).CancelAsync());

        var ended = await live.UntilAsync(snapshot => snapshot.State == JobState.Cancelled);
        ended.EndedAt.ShouldNotBeNull();
        run.Run.Stopping.IsCancellationRequested.ShouldBeTrue();
        await TestServer.AsOwner(() => Grains.Job(job).CancelAsync());
        (await TestServer.AsOwner(() => Grains.Job(job).GetAsync())).State.ShouldBe(JobState.Cancelled);
    }

    [Fact]
    public async Task Job_should_show_the_sentence_of_a_refusal_when_it_fails()
    {
        var (job, _) = await SubmitTrainingAsync();
        var live = await WatchAsync(job);

        (await Executor.NextAsync()).Result.SetException(new RefusedException(Refusal.Invalid, "The image is too small; choose a larger one."));

        (await live.UntilAsync(snapshot => snapshot.State == JobState.Failed)).Problem.ShouldBe("The image is too small; choose a larger one.");
    }

    [Fact]
    public async Task Job_should_name_itself_and_hide_the_details_when_it_fails_unexpectedly()
    {
        var (job, _) = await SubmitTrainingAsync();
        var live = await WatchAsync(job);

        (await Executor.NextAsync()).Result.SetException(new InvalidOperationException("/secret/path at line 7"));

        var problem = (await live.UntilAsync(snapshot => snapshot.State == JobState.Failed)).Problem.ShouldNotBeNull();
        problem.ShouldContain(job.Value);
        problem.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Submitting_again_should_change_nothing()
    {
        var (job, spec) = await SubmitTrainingAsync();
        await Executor.NextAsync();

        await TestServer.AsOwner(() => Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Another title", spec)));

        var snapshot = await TestServer.AsOwner(() => Grains.Job(job).GetAsync());
        (snapshot.Title, snapshot.Attempt, snapshot.State).ShouldBe(("Training", 1, JobState.Running));
        Executor.Idle.ShouldBeTrue();
    }

    [Fact]
    public async Task Calls_of_an_earlier_attempt_should_be_refused()
    {
        var (job, spec) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        var side = Grains.GetGrain<IJobRunGrain>(job.Value);
        await Caller.AsAsync(Caller.System, async () =>
        {
            (await side.BeginAsync(Server.Device)).ShouldNotBeNull().Attempt.ShouldBe(2);

            (await side.ReportAsync(1, new JobProgress { Step = 999 })).ShouldBeFalse();
            (await side.CommitAsync(1, new JobCheckpoint(999, TestImages.Blob("old"), 1))).ShouldBeFalse();
            await side.CompleteAsync(1, ResultOf(spec));
            await side.FailAsync(1, "old");
            await side.ReleaseAsync(1);
        });

        var snapshot = await TestServer.AsOwner(() => Grains.Job(job).GetAsync());
        (snapshot.State, snapshot.Attempt, snapshot.CheckpointStep).ShouldBe((JobState.Running, 2, 0L));
        (snapshot.Progress?.Step ?? 0).ShouldNotBe(999);
    }

    [Fact]
    public async Task Next_attempt_should_go_on_from_the_last_checkpoint_and_forget_what_came_after_it()
    {
        var (job, _) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        var side = Grains.GetGrain<IJobRunGrain>(job.Value);

        var next = await Caller.AsAsync(Caller.System, async () =>
        {
            await side.ReportAsync(1, new JobProgress { Step = 10, Loss = 3 });
            await side.CommitAsync(1, new JobCheckpoint(10, TestImages.Blob("checkpoint"), 5));
            await side.ReportAsync(1, new JobProgress { Step = 20, Loss = 2 });
            return await side.BeginAsync(Server.Device);
        });

        next.ShouldNotBeNull().Checkpoint.ShouldBe(new JobCheckpoint(10, TestImages.Blob("checkpoint"), 5));
        var snapshot = await TestServer.AsOwner(() => Grains.Job(job).GetAsync());
        snapshot.Loss.ShouldBe([new LossPoint(10, 3)]);
    }

    [Fact]
    public async Task Job_should_fail_when_its_attempts_end_without_a_word_again_and_again()
    {
        var (job, _) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        var side = Grains.GetGrain<IJobRunGrain>(job.Value);

        await Caller.AsAsync(Caller.System, async () =>
        {
            for (var attempt = 2; attempt <= 5; attempt++)
            {
                (await side.BeginAsync(Server.Device)).ShouldNotBeNull();
            }

            (await side.BeginAsync(Server.Device)).ShouldBeNull();
        });

        var snapshot = await TestServer.AsOwner(() => Grains.Job(job).GetAsync());
        snapshot.State.ShouldBe(JobState.Failed);
        snapshot.Problem.ShouldNotBeNull().ShouldContain("5 times");
    }

    [Fact]
    public async Task Watchers_should_get_few_messages_in_order_when_reports_pour_in()
    {
        var (job, _) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        var live = await WatchAsync(job);
        var side = Grains.GetGrain<IJobRunGrain>(job.Value);
        var begun = Stopwatch.GetTimestamp();

        await Caller.AsAsync(Caller.System, async () =>
        {
            for (var step = 1; step <= 400; step++)
            {
                (await side.ReportAsync(1, new JobProgress { Step = step, Steps = 400, Loss = step })).ShouldBeTrue();
            }
        });

        var last = await live.UntilAsync(snapshot => snapshot.Progress?.Step == 400);
        var most = 4 + (Stopwatch.GetElapsedTime(begun).TotalSeconds * 5);
        live.Seen.Count.ShouldBeLessThanOrEqualTo((int)Math.Ceiling(most));
        live.Seen.Select(snapshot => snapshot.Epoch).Distinct().ShouldHaveSingleItem();
        var versions = live.Seen.Select(snapshot => snapshot.Version).ToArray();
        versions.ShouldBe(Enumerable.Range(0, versions.Length).Select(i => versions[0] + i));
        last.Loss.Length.ShouldBeInRange(100, 200);
        last.Loss[^1].Step.ShouldBe(400);
    }

    [Fact]
    public async Task Full_snapshot_should_fit_into_a_message()
    {
        var (job, _) = await SubmitTrainingAsync();
        await Executor.NextAsync();
        var side = Grains.GetGrain<IJobRunGrain>(job.Value);
        await Caller.AsAsync(Caller.System, async () =>
        {
            for (var step = 1; step <= 250; step++)
            {
                await side.ReportAsync(1, new JobProgress { Step = step, Loss = step, Preview = new JobPreview(step, TestImages.Blob($"preview {step}"), 30) });
            }
        });

        var snapshot = await TestServer.AsOwner(() => Grains.Job(job).GetAsync()); // the server's filter fails calls of 64 KB and more

        snapshot.Previews.Length.ShouldBeInRange(12, 24);
        snapshot.Previews[^1].Step.ShouldBe(250);
    }

    [Theory]
    [InlineData(4, "compact", 0.1)]
    [InlineData(100_000, "compact", 0.1)]
    [InlineData(60, "huge", 0.1)]
    [InlineData(60, "compact", 0)]
    [InlineData(60, "compact", 1.5)]
    public async Task Submission_should_be_refused_when_a_number_makes_no_sense(double seconds, string preset, double sigma)
    {
        var (_, images) = await Server.NewImagesAsync(1);
        var spec = new TrainSpec { Model = ModelId.New(), Images = images, BudgetSeconds = seconds, Preset = preset, NoiseSigma = sigma };

        var refused = await Should.ThrowAsync<RefusedException>(
            () => TestServer.AsOwner(() => Grains.Job(JobId.New()).SubmitAsync(new JobSubmission(TestServer.Workspace, "Training", spec))));

        refused.Reason.ShouldBe(Refusal.Invalid);
    }

    [Fact]
    public async Task Training_that_starts_from_the_built_in_denoiser_should_have_its_network()
    {
        var (_, images) = await Server.NewImagesAsync(1);
        var (job, spec) = (JobId.New(), new TrainSpec { Model = ModelId.New(), Images = images, Preset = "compact", StartFromBuiltIn = true });

        await TestServer.AsOwner(() => Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Training", spec)));

        var model = await TestServer.AsOwner(() => Grains.Model(spec.Model).GetAsync());
        model.Spec.Preset.ShouldBe(DenoiserModel.BuiltIn.Settings.Preset);
    }

    [Fact]
    public async Task Submission_should_be_refused_when_an_image_belongs_to_another_workspace()
    {
        var elsewhere = new WorkspaceId("elsewhere");
        var (dataset, image) = await Caller.AsAsync(Caller.System, async () =>
        {
            var id = await Grains.Workspace(elsewhere).CreateDatasetAsync("Private");
            return (id, await Grains.Dataset(id).AddImageAsync(TestImages.Info("private.png")));
        });
        var spec = new TrainSpec { Model = ModelId.New(), Images = [new(dataset, image.Id)] };

        var refused = await Should.ThrowAsync<RefusedException>(
            () => TestServer.AsOwner(() => Grains.Job(JobId.New()).SubmitAsync(new JobSubmission(TestServer.Workspace, "Training", spec))));

        refused.Reason.ShouldBe(Refusal.NotFound);
    }
}
