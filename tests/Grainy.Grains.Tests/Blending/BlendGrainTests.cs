using System.Text;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Core.Storage;
using Grainy.Grains.Images;
using Grainy.Grains.Jobs.Executors;
using Grainy.Grains.Tests.Kit;
using Grainy.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Time.Testing;

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

    [Fact]
    public async Task Three_images_should_have_a_triangle_of_frames_and_a_wished_place_one_more()
    {
        var (_, images) = await Server.NewImagesAsync(3);
        var (id, run) = await CreateAsync(new BlendPlan(images, new BlendSettings { Divisions = 3 }, ImageFitting.None));

        var wished = await TestServer.AsOwner(() => Grains.Blend(id).WishAsync([2, 1, 1]));
        var again = await TestServer.AsOwner(() => Grains.Blend(id).WishAsync([0.5, 0.25, 0.25]));
        var there = await TestServer.AsOwner(() => Grains.Blend(id).WishAsync([1 / 3.0, 1 / 3.0, 1 / 3.0]));
        await AddAsync(id, run, new BlendFrame(wished, 0.25, 0.1, 0.2, TestImages.Blob("wish"), TestImages.Blob("wish.npy"), true, [0.5, 0.25, 0.25]));

        var blend = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());
        blend.Targets.Length.ShouldBe(11); // 4·5 / 2 and the wish
        blend.Targets.ShouldAllBe(target => Math.Abs(target.Weights.Sum() - 1) < 1e-9);
        (wished, again, blend.Targets[there].Weights[0]).ShouldBe((10, 10, 1 / 3.0));
        blend.Frames.ShouldHaveSingleItem().Weights.ShouldBe([0.5, 0.25, 0.25]);
        run.Assignment.Spec.ShouldBeOfType<BlendSpec>().Images.ShouldBe(images);
    }

    [Fact]
    public async Task Running_job_should_hear_where_somebody_looks_and_of_each_wish()
    {
        var (id, _) = await CreateAsync();
        var before = await WishesAsync(id);

        await TestServer.AsOwner(() => Grains.Blend(id).NearAsync([3, 1]));
        var near = await WishesAsync(id);
        await TestServer.AsOwner(() => Grains.Blend(id).WishAsync([0.99, 0.01]));
        var wished = await WishesAsync(id);
        var refused = await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(() => Grains.Blend(id).NearAsync([0.5, 0.5, 0])));

        before.Near.ShouldBeNull();
        (near.Near![0], near.Near[1], near.Revision).ShouldBe((0.75, 0.25, before.Revision));
        wished.Revision.ShouldBe(before.Revision + 1);
        refused.Message.ShouldContain("2 weights");
    }

    [Fact]
    public async Task Extending_should_start_a_job_and_keep_the_better_picture()
    {
        var (id, run) = await CreateAsync();
        await AddAsync(id, run, Frame(1, "first", final: true));
        run.Result.SetResult(new BlendResult(1));
        var live = await LiveProbe<BlendSnapshot>.WatchAsync(Grains, Grains.Blend(id), TestServer.Owner);
        await live.UntilAsync(snapshot => snapshot.JobState == JobState.Succeeded);

        await TestServer.AsOwner(() => Grains.Blend(id).ExtendAsync(1, 100));
        var second = await Executor.NextAsync();
        var open = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());
        await AddAsync(id, second, Frame(1, "early", final: false));
        await AddAsync(id, second, Frame(1, "worse", final: true) with { Energy = 0.11, Steps = 580, StepsDone = 580 });
        var kept = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());
        await AddAsync(id, second, Frame(1, "better", final: true) with { Energy = 0.09, Steps = 580 });
        var better = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());

        open.Targets[1].IsDone(open.Frames[0]).ShouldBeFalse();
        (kept.Frames[0].Png, kept.Frames[0].Energy).ShouldBe((TestImages.Blob("first"), 0.1));
        kept.Targets[1].IsDone(kept.Frames[0]).ShouldBeTrue();
        better.Frames[0].Png.ShouldBe(TestImages.Blob("better"));
    }

    [Fact]
    public async Task Frames_and_their_stages_should_be_there_after_the_server_was_killed()
    {
        var (folder, before, after) = (TestServer.NewFolder(), new ScriptedExecutor(), new ScriptedExecutor());
        var first = await StartAsync(folder, before);
        var (_, images) = await first.NewImagesAsync(2);
        var id = BlendId.New();
        await TestServer.AsOwner(() => first.Grains.Blend(id).CreateAsync(TestServer.Workspace, images[0], images[1], new BlendSettings { Frames = 5 }));
        var run = await before.NextAsync();
        var stage = new BlendStage(20, 0.15, 0.01, "reduced size", TestImages.Blob("stage"));
        await Caller.AsAsync(Caller.System, () => first.Grains.Blend(id).AddStagesAsync(run.Assignment.Job, Frame(2, "middle", final: true) with { Stages = 1 }, [stage]));

        await first.KillAsync();
        await using var second = await StartAsync(folder, after);

        (await after.NextAsync()).Assignment.Job.ShouldBe(run.Assignment.Job);
        var blend = await TestServer.AsOwner(() => second.Grains.Blend(id).GetAsync());
        blend.Frames.ShouldHaveSingleItem().Png.ShouldBe(TestImages.Blob("middle"));
        (await TestServer.AsOwner(() => second.Grains.Blend(id).GetStagesAsync(2))).ShouldBe([stage]);
    }

    [Fact]
    public async Task Pictures_of_early_stages_should_be_thrown_away_in_time_and_nothing_that_a_page_shows_also_after_a_restart()
    {
        var (folder, executor) = (TestServer.NewFolder(), new ScriptedExecutor());
        var first = await StartAsync(folder, executor);
        var (_, images) = await first.NewImagesAsync(2);
        var id = BlendId.New();
        await TestServer.AsOwner(() => first.Grains.Blend(id).CreateAsync(TestServer.Workspace, images[0], images[1], new BlendSettings { Frames = 5 }));
        var run = await executor.NextAsync();
        var blobs = first.Services.GetRequiredService<ImageBlobs>();
        async Task<BlobRef> Blob(string text) => await blobs.SaveAsync(stream => stream.Write(Encoding.UTF8.GetBytes(text)), "image/png", CancellationToken.None);
        var (early, done, planes, snapshot) = (await Blob("early"), await Blob("done"), await Blob("planes"), await Blob("snapshot"));
        Task Add(BlendFrame frame) => Caller.AsAsync(Caller.System, () => first.Grains.Blend(id).AddStagesAsync(
            run.Assignment.Job, frame, [new BlendStage(20, 0.15, 0.01, "reduced size", snapshot)]));
        await Add(Frame(2, "", final: false) with { Png = early, Pixels = early });
        await Add(Frame(2, "", final: true) with { Png = done, Pixels = planes });

        var thrown = Sweep(first);
        await first.StopAsync();
        await using var second = await StartAsync(folder, new ScriptedExecutor());

        (await TestServer.AsOwner(() => second.Grains.Blend(id).GetAsync())).Frames.ShouldHaveSingleItem().Png.ShouldBe(done);
        thrown.ShouldBe((1, "early".Length));
        Sweep(second).ShouldBe((0, 0L));
        var store = second.Services.GetRequiredService<IBlobStore>();
        foreach (var blob in new[] { done, planes, snapshot })
        {
            (await store.ExistsAsync(new BlobId(blob.Sha256), CancellationToken.None)).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(1, "2 to 4 images")]
    [InlineData(5, "2 to 4 images")]
    public async Task Number_of_images_should_be_refused_when_it_makes_no_sense(int count, string sentence)
    {
        var (_, images) = await Server.NewImagesAsync(count);

        var refused = await Should.ThrowAsync<RefusedException>(() => TestServer.AsOwner(
            () => Grains.Blend(BlendId.New()).CreatePlannedAsync(TestServer.Workspace, new BlendPlan(images, new BlendSettings(), ImageFitting.None))));

        refused.Message.ShouldContain(sentence);
    }

    [Fact]
    public async Task Geodesic_between_three_images_and_a_metric_that_is_not_there_should_be_refused()
    {
        var (_, images) = await Server.NewImagesAsync(3);
        Task Create(BlendSettings settings) => TestServer.AsOwner(
            () => Grains.Blend(BlendId.New()).CreatePlannedAsync(TestServer.Workspace, new BlendPlan(images, settings, ImageFitting.None)));

        var geodesic = await Should.ThrowAsync<RefusedException>(() => Create(new BlendSettings { Path = BlendPath.Geodesic }));
        var metric = await Should.ThrowAsync<RefusedException>(() => Create(new BlendSettings { Metric = "beauty" }));

        geodesic.Message.ShouldContain("between two images");
        metric.Message.ShouldContain("'beauty'");
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
        return await CreateAsync(new BlendPlan(images, new BlendSettings { Frames = 33 }, ImageFitting.None));
    }

    private async Task<(BlendId Id, ScriptedRun Run)> CreateAsync(BlendPlan plan)
    {
        var id = BlendId.New();
        await TestServer.AsOwner(() => Grains.Blend(id).CreatePlannedAsync(TestServer.Workspace, plan));
        return (id, await Executor.NextAsync());
    }

    private Task<BlendWishes> WishesAsync(BlendId id) => Caller.AsAsync(Caller.System, Grains.Blend(id).GetWishesAsync);

    private static Task<TestServer> StartAsync(string folder, ScriptedExecutor executor) =>
        TestServer.StartAsync(folder, services => services.RemoveAll<IJobExecutor>().AddSingleton<IJobExecutor>(executor));

    private static (int Contents, long Bytes) Sweep(TestServer server) =>
        new BlobSweep(server.Services.GetRequiredService<FileBlobStore>(), server.Services.GetRequiredService<SqliteDatabase>().Open, new FakeTimeProvider(TimeProvider.System.GetUtcNow() + (2 * BlobSweep.Grace)))
            .Run(CancellationToken.None);

    private Task AddAsync(BlendId id, ScriptedRun run, BlendFrame frame) =>
        Caller.AsAsync(Caller.System, () => Grains.Blend(id).AddFrameAsync(run.Assignment.Job, frame));

    private static BlendFrame Frame(int index, string content, bool final) =>
        new(index, index / 32.0, 0.1, 0.2, TestImages.Blob(content), TestImages.Blob(content + ".npy"), final);
}
