using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Datasets;
using Grainy.Grains.Tests.Kit;
using Grainy.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Jobs.Executors;

/// <summary>Blends and averages by the real executors, with images and a metric small enough for seconds.</summary>
[Trait("Category", "slow")]
public sealed class RealBlendTests : IAsyncLifetime
{
    private TestServer? _server;

    private TestServer Server => _server!;

    private IGrainFactory Grains => Server.Grains;

    private static BlendSettings Settings => new() { Metric = "l2", Size = 64, StepsPerFrame = 10, Divisions = 2, Frames = 3 };

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(TestServer.NewFolder());

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Three_images_should_get_all_their_frames_and_other_blends_of_them_reuse_what_is_known()
    {
        var images = await AddAsync(Scene(1, 64), Scene(2, 64), Scene(3, 64));

        var triangle = await BlendAsync(new BlendPlan(images, Settings, ImageFitting.None));
        var line = await BlendAsync(new BlendPlan(images[..2], Settings, ImageFitting.None));
        var other = await BlendAsync(new BlendPlan(images[..2], Settings with { Seed = 2 }, ImageFitting.None));

        triangle.Frames.Length.ShouldBe(7); // three images, three edges, the middle
        triangle.Frames.ShouldAllBe(frame => frame.Final && !frame.Remembered);
        triangle.Frames.Count(frame => frame.MixEnergy > 0).ShouldBe(4); // the others are the images
        triangle.Metric.ShouldBe("l2");
        var middle = line.Frames.Single(frame => frame.Weight == 0.5);
        var same = triangle.Frames.Single(frame => frame.Weights![2] == 0 && frame.Weight == 0.5);
        (middle.Remembered, middle.Pixels).ShouldBe((true, same.Pixels)); // an image of weight 0 counts for nothing
        (await TestServer.AsOwner(() => Grains.Blend(line.Id).GetStagesAsync(middle.Index))).Length.ShouldBe(middle.Stages);
        other.Frames.ShouldAllBe(frame => !frame.Remembered);
    }

    [Fact]
    public async Task Spacing_of_a_chain_should_be_told_and_judged_also_when_all_of_its_frames_are_known()
    {
        var images = await AddAsync(Scene(1, 64), Scene(3, 64));
        var settings = Settings with { Frames = 5 };

        var weights = await BlendAsync(new BlendPlan(images, settings, ImageFitting.None));
        var even = await BlendAsync(new BlendPlan(images, settings with { Spacing = FrameSpacing.Even }, ImageFitting.None));
        var again = await BlendAsync(new BlendPlan(images, settings, ImageFitting.None));

        weights.Spacing!.Evenness.ShouldBe(1, 0.01); // squared errors grow with the weight: there is nothing to move
        weights.SpacingBefore.ShouldBeNull();
        even.SpacingBefore!.Distances.ShouldBe(weights.Spacing.Distances);
        even.Spacing!.Distances.ShouldBe(weights.Spacing.Distances);
        even.Frames.ShouldAllBe(frame => weights.Frames[frame.Index].Pixels == frame.Pixels);
        again.Frames.Where(frame => frame.MixEnergy > 0).ShouldAllBe(frame => frame.Remembered && weights.Frames[frame.Index].Pixels == frame.Pixels);
        again.Spacing!.Distances.ShouldBe(weights.Spacing.Distances); // measured anew, of what was known
    }

    [Fact]
    public async Task Wished_frame_should_be_computed_and_a_frame_with_more_steps_stay_as_good()
    {
        var images = await AddAsync(Scene(1, 64), Scene(2, 64));
        var blend = await BlendAsync(new BlendPlan(images, Settings with { Metric = "ssim" }, ImageFitting.None));
        var before = blend.Frames.Single(frame => frame.Weight == 0.5);

        var wished = await TestServer.AsOwner(() => Grains.Blend(blend.Id).WishAsync([0.7, 0.3]));
        var after = await UntilCompleteAsync(blend.Id);
        await TestServer.AsOwner(() => Grains.Blend(blend.Id).ExtendAsync(before.Index, 10));
        var extended = await UntilCompleteAsync(blend.Id);

        after.Frames.Single(frame => frame.Index == wished).Weights![1].ShouldBe(0.3, 1e-9);
        var frame = extended.Frames.Single(frame => frame.Weight == 0.5);
        frame.Steps.ShouldBe(20);
        frame.Energy.ShouldBeLessThanOrEqualTo(before.Energy);
    }

    [Fact]
    public async Task Shifted_and_differently_sized_images_should_be_blended_once_they_fit()
    {
        var scene = ImageFixtures.Make(3, 128, 128, (c, y, x) => 0.1 + (0.8 * (((((x / 7) * 73) + ((y / 5) * 151)) * 7919 % 101) / 100.0))); // patches of no period
        var images = await AddAsync(Part(scene, 16, 16, 96, 96), Part(scene, 12, 16, 96, 96), Part(scene, 0, 0, 110, 100));
        var inputs = Grains.BlendInputs(TestServer.Workspace);

        var shifted = await TestServer.AsOwner(() => inputs.CheckAsync(images[..2]));
        var aligned = await TestServer.AsOwner(() => inputs.FitAsync(images[..2], shifted.Advice));
        var sized = await TestServer.AsOwner(() => inputs.CheckAsync(images));
        var refused = await Should.ThrowAsync<RefusedException>(() => BlendAsync(new BlendPlan(images, Settings, ImageFitting.None)));
        var blend = await BlendAsync(new BlendPlan(images, Settings, ImageFitting.Crop));

        (shifted.SameSize, shifted.IsShifted, shifted.Advice).ShouldBe((true, true, ImageFitting.Align));
        aligned.Infos.ShouldAllBe(info => info.Width == 92 && info.Height == 96);
        (sized.SameSize, sized.Advice).ShouldBe((false, ImageFitting.Crop));
        refused.Message.ShouldContain("110 × 100");
        (blend.LeftInfo.Width, blend.LeftInfo.Height, blend.FittingNote).ShouldBe((96, 96, "'2.tif' cropped from 110 × 100 to its middle 96 × 96."));
    }

    [Fact]
    public async Task Average_should_add_two_images_and_tell_their_grain()
    {
        var clean = ImageFixtures.Waves(3, 64, 64);
        var images = await AddAsync([.. Enumerable.Range(1, 2).Select(seed => GaussianNoise.Corrupt(clean, 0.1, (ulong)seed))]);
        var job = JobId.New();
        var spec = new AverageSpec(images, new AverageSettings { Metric = "l2", Size = 64, Steps = 10 });

        await TestServer.AsOwner(() => Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Average", spec)));
        var live = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(job), TestServer.Owner);
        var ended = await live.UntilAsync(snapshot => snapshot.EndedAt is not null);

        ended.Problem.ShouldBeNull();
        var result = ended.Result.ShouldBeOfType<AverageResult>();
        result.FineKeptByMean.ShouldBe(0.5, 0.08); // independent noise of two exposures; 4,096 samples per channel
        result.FineKept.ShouldBe(result.FineKeptByMean, 0.02); // under squared error the average is the mean
        var mean = await TestServer.AsOwner(() => Grains.Dataset(result.Mean.Dataset).GetImageAsync(result.Mean.Image));
        mean.Recipe.ShouldNotBeNull().ShouldContain("2 exposures");
    }

    private async Task<ImageRef[]> AddAsync(params ImageBuffer[] images)
    {
        var dataset = await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Blended"));
        var added = new List<ImageRef>();
        foreach (var (number, image) in images.Index())
        {
            using var file = new MemoryStream();
            ImageWriter.Write(image, file, OutputFormat.Tiff32F);
            file.Position = 0;
            var info = await TestServer.AsOwner(
                () => Server.Services.GetRequiredService<ImageIngest>().AddAsync(dataset, $"{number}.tif", file, TestContext.Current.CancellationToken));
            added.Add(new ImageRef(dataset, info.Id));
        }

        return [.. added];
    }

    private async Task<BlendSnapshot> BlendAsync(BlendPlan plan)
    {
        var id = BlendId.New();
        await TestServer.AsOwner(() => Grains.Blend(id).CreatePlannedAsync(TestServer.Workspace, plan));
        return await UntilCompleteAsync(id);
    }

    private async Task<BlendSnapshot> UntilCompleteAsync(BlendId id)
    {
        var live = await LiveProbe<BlendSnapshot>.WatchAsync(Grains, Grains.Blend(id), TestServer.Owner);
        var ended = await live.UntilAsync(blend => blend.JobState is JobState.Failed || (blend.JobState is JobState.Succeeded && blend.Targets.All(
            target => target.IsDone(Array.Find(blend.Frames, frame => frame.Index == target.Index)))));
        ended.Problem.ShouldBeNull();
        return ended;
    }

    /// <summary>Waves that get finer, so that no shift looks like another.</summary>
    private static ImageBuffer Scene(int number, int side) => ImageFixtures.Make(
        3, side, side, (c, y, x) => 0.5 + (0.2 * Math.Sin((0.006 * number * x * x) + c)) + (0.2 * Math.Cos((0.005 * y * y) + (0.1 * x) + number)));

    private static ImageBuffer Part(ImageBuffer image, int left, int top, int width, int height)
    {
        var planes = Enumerable.Range(0, image.Channels).SelectMany(channel => Enumerable.Range(top, height)
            .SelectMany(y => image.Plane(channel).Slice((y * image.Width) + left, width).ToArray()));
        return new ImageBuffer(image.Channels, height, width, [.. planes]);
    }
}
