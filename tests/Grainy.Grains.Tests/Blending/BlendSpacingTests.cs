using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Blending;

/// <summary>Frames that are moved along their chain.</summary>
public sealed class BlendSpacingTests : ServerTests
{
    [Fact]
    public async Task Moved_frames_should_take_their_new_places_all_at_once_and_wishes_stay()
    {
        var (id, run) = await CreateAsync(new BlendSettings { Frames = 4, Spacing = FrameSpacing.Even });
        var wish = await TestServer.AsOwner(() => Grains.Blend(id).WishAsync([0.5, 0.5]));
        var there = Enumerable.Range(1, 2).Append(wish);
        foreach (var index in there)
        {
            BlendStage[] way = [new(20, 0.2, null, "reduced size", TestImages.Blob("early")), new(100, 0.1, null, "done", TestImages.Blob("late"))];
            await Caller.AsAsync(Caller.System, () => Grains.Blend(id).AddStagesAsync(run.Assignment.Job, Frame(index, $"{index}", final: true), way));
        }

        var moved = there.Take(2).Select(index => new MovedFrame(
            Frame(index, $"moved {index}", final: true) with { Weight = index / 10.0, Weights = [1 - (index / 10.0), index / 10.0], Energy = 0.3 },
            new BlendStage(80, 0.3, null, "moved", TestImages.Blob("stage")))).ToArray();
        var (before, after) = (new ChainSpacing([1, 1, 4], [0, 0, 0], 5), new ChainSpacing([2, 2, 2], [0, 0, 0], 5));
        await Caller.AsAsync(Caller.System, () => Grains.Blend(id).RespaceAsync(new JobId("job-other"), moved, before, after));
        var untouched = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());
        await Caller.AsAsync(Caller.System, () => Grains.Blend(id).RespaceAsync(run.Assignment.Job, moved, before, after));

        var blend = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());
        untouched.SpacingBefore.ShouldBeNull();
        blend.Targets.Select(target => target.Weights[1]).ShouldBe([0, 0.1, 0.2, 1, 0.5]);
        blend.Frames.Select(frame => frame.Png).ShouldBe([TestImages.Blob("moved 1"), TestImages.Blob("moved 2"), TestImages.Blob($"{wish}")]);
        (blend.SpacingBefore!.Evenness, blend.Spacing!.Evenness).ShouldBe((0.25, 1));
        blend.Spacing.Places().ShouldBe([0, 1 / 3.0, 2 / 3.0, 1], 1e-9);
        (await TestServer.AsOwner(() => Grains.Blend(id).GetStagesAsync(1))).Select(stage => stage.Step).ShouldBe([20, 80]);
    }

    [Fact]
    public async Task Spacing_of_a_chain_should_outlive_a_wish_and_end_with_better_pictures()
    {
        var (id, run) = await CreateAsync(new BlendSettings { Frames = 3 });
        await Caller.AsAsync(Caller.System, () => Grains.Blend(id).SetSpacingAsync(run.Assignment.Job, new ChainSpacing([1, 2], [0, 0], 3)));

        await TestServer.AsOwner(() => Grains.Blend(id).WishAsync([0.9, 0.1]));
        var wished = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());
        await TestServer.AsOwner(() => Grains.Blend(id).ExtendAsync(1, 100));
        var extended = await TestServer.AsOwner(() => Grains.Blend(id).GetAsync());

        wished.Spacing.ShouldNotBeNull();
        extended.Spacing.ShouldBeNull();
    }

    [Theory]
    [InlineData(33, 2048, false, "So many frames")]
    [InlineData(9, 256, true, "the fast procedure only")]
    public async Task Even_spacing_should_be_refused_where_it_cannot_be_had(int frames, int size, bool reference, string sentence)
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var settings = new BlendSettings { Frames = frames, Size = size, Reference = reference, Spacing = FrameSpacing.Even };

        var refused = await Should.ThrowAsync<RefusedException>(
            () => TestServer.AsOwner(() => Grains.Blend(BlendId.New()).CreateAsync(TestServer.Workspace, images[0], images[1], settings)));

        refused.Message.ShouldContain(sentence);
    }

    private async Task<(BlendId Id, ScriptedRun Run)> CreateAsync(BlendSettings settings)
    {
        var (_, images) = await Server.NewImagesAsync(2);
        var id = BlendId.New();
        await TestServer.AsOwner(() => Grains.Blend(id).CreateAsync(TestServer.Workspace, images[0], images[1], settings));
        return (id, await Executor.NextAsync());
    }

    private static BlendFrame Frame(int index, string content, bool final) =>
        new(index, index / 32.0, 0.1, 0.2, TestImages.Blob(content), TestImages.Blob(content + ".npy"), final);
}
