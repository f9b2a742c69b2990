using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Blending;

public sealed class BlendGrainTests : ServerTests
{
    [Fact]
    public async Task Frames_should_arrive_in_order_and_an_early_stage_never_replace_a_finished_frame()
    {
        var (id, run) = await CreateAsync();
        var live = await LiveProbe<BlendSnapshot>.WatchAsync(Grains, Grains.Blend(id), TestServer.Owner);

        await AddAsync(id, run, Frame(2, "end", final: true));
        await AddAsync(id, run, Frame(1, "early", final: false));
        await AddAsync(id, run, Frame(1, "done", final: true));
        await AddAsync(id, run, Frame(1, "late early stage", final: false));
        run.Run.Report(new JobProgress { Step = 3, Steps = 3, Fraction = 1 });
        run.Result.SetResult(new BlendResult(2));

        var ended = await live.UntilAsync(snapshot => snapshot.JobState == JobState.Succeeded);
        ended.Frames.Select(frame => (frame.Index, frame.Png, frame.Final)).ShouldBe([(1, TestImages.Blob("done"), true), (2, TestImages.Blob("end"), true)]);
    }

    [Fact]
    public async Task Stopping_should_end_the_job_and_keep_the_frames_and_computing_go_on_with_a_new_job()
    {
        var (id, run) = await CreateAsync();
        await AddAsync(id, run, Frame(0, "start", final: true));
        var live = await LiveProbe<BlendSnapshot>.WatchAsync(Grains, Grains.Blend(id), TestServer.Owner);

        await TestServer.AsOwner(() => Grains.Blend(id).StopAsync());
        var stopped = await live.UntilAsync(snapshot => snapshot.JobState == JobState.Cancelled);
        var next = await TestServer.AsOwner(() => Grains.Blend(id).ComputeAsync());

        stopped.Frames.ShouldHaveSingleItem().Png.ShouldBe(TestImages.Blob("start"));
        (await Executor.NextAsync()).Assignment.Job.ShouldBe(next);
    }

    [Fact]
    public async Task Full_blend_should_fit_into_a_message()
    {
        var (id, run) = await CreateAsync();
        for (var i = 0; i < 33; i++)
        {
            await AddAsync(id, run, Frame(i, $"frame {i}", final: true));
        }

        (await TestServer.AsOwner(() => Grains.Blend(id).GetAsync())).Frames.Length.ShouldBe(33); // the server's filter fails calls of 64 KB and more
    }

    [Theory]
    [InlineData(2, 256, 150)]
    [InlineData(34, 256, 150)]
    [InlineData(9, 32, 150)]
    [InlineData(9, 256, 5)]
    public async Task Settings_should_be_refused_when_a_number_makes_no_sense(int frames, int size, int steps)
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var settings = new BlendSettings { Frames = frames, Size = size, StepsPerFrame = steps };

        var refused = await Should.ThrowAsync<RefusedException>(
            () => TestServer.AsOwner(() => Grains.Blend(BlendId.New()).CreateAsync(TestServer.Workspace, images[0], images[1], settings)));

        refused.Reason.ShouldBe(Refusal.Invalid);
    }

    private async Task<(BlendId Id, ScriptedRun Run)> CreateAsync()
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var id = BlendId.New();
        await TestServer.AsOwner(() => Grains.Blend(id).CreateAsync(TestServer.Workspace, images[0], images[1], new BlendSettings { Frames = 33 }));
        return (id, await Executor.NextAsync());
    }

    private Task AddAsync(BlendId id, ScriptedRun run, BlendFrame frame) =>
        Caller.AsAsync(Caller.System, () => Grains.Blend(id).AddFrameAsync(run.Assignment.Job, frame));

    private static BlendFrame Frame(int index, string content, bool final) =>
        new(index, index / 32.0, 0.1, 0.2, TestImages.Blob(content), TestImages.Blob(content + ".npy"), final);
}
