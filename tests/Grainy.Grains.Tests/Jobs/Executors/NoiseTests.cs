using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Datasets;
using Grainy.Grains.Tests.Kit;
using Grainy.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Jobs.Executors;

/// <summary>The measurement of noise by a real server.</summary>
[Trait("Category", "slow")]
public sealed class NoiseTests : IAsyncLifetime
{
    private const double Sigma = 0.08;
    private TestServer? _server;
    private DatasetId _dataset;

    private TestServer Server => _server!;

    private IGrainFactory Grains => Server.Grains;

    public async ValueTask InitializeAsync()
    {
        _server = await TestServer.StartAsync(TestServer.NewFolder());
        _dataset = await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Noisy"));
    }

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Single_image_should_get_a_proposal_with_its_noise_and_stay_out_of_the_lists()
    {
        var image = await AddAsync("one.tif", GaussianNoise.Corrupt(Waves(0), Sigma, 1));

        var found = await MeasureAsync(image);

        (found.Method, found.Scenes.Length, found.Problems.Length, found.Frames.Length).ShouldBe(("blind-spot", 1, 0, 0));
        found.Noise.ShouldNotBeNull().Kind.ShouldBe("gaussian");
        found.Noise.Strength.ShouldNotBeNull().ShouldBe(Sigma, 0.05 * Sigma);
        found.Images.ShouldHaveSingleItem().Sigma.ShouldBe(Sigma, 0.05 * Sigma);
        (await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).ListAsync(EntryKind.Job, 0, 10))).ShouldBeEmpty();
    }

    [Fact]
    public async Task Exposures_should_be_found_to_belong_together_and_bad_images_be_named_with_their_remedy()
    {
        var first = await AddAsync("a1.tif", GaussianNoise.Corrupt(Waves(0), Sigma, 1));
        var second = await AddAsync("a2.tif", GaussianNoise.Corrupt(Waves(0), Sigma, 2));
        var third = await AddAsync("b1.tif", GaussianNoise.Corrupt(Waves(40), Sigma, 3));
        var fourth = await AddAsync("b2.tif", GaussianNoise.Corrupt(Waves(40), Sigma, 4));
        var flat = await AddAsync("flat.tif", ImageFixtures.Make(1, 128, 128, (_, _, _) => 0.5));
        var small = await AddAsync("small.tif", GaussianNoise.Corrupt(ImageFixtures.Waves(1, 20, 20), Sigma, 5));

        var found = await MeasureAsync(first, second, third, fourth, flat, small);

        found.Scenes.ShouldBe([0, 0, 1, 1, -1, -1]);
        found.Method.ShouldBe("noise2noise");
        found.Frames.Length.ShouldBe(2);
        found.Frames.ShouldAllBe(pair => !pair.IsShifted);
        found.Problems.Select(problem => problem.Image).ShouldBe([flat, small]);
        found.Problems[0].Text.ShouldContain("leave it out");
        found.Problems[1].Text.ShouldContain("too small");
    }

    [Fact]
    public async Task Images_that_cannot_be_used_at_all_should_end_in_a_clear_no()
    {
        var flat = await AddAsync("flat.tif", ImageFixtures.Make(1, 64, 64, (_, _, _) => 0.5));

        var found = await MeasureAsync(flat);

        (found.Advice, found.Problems.Length).ShouldBe((NoiseAdvice.Stop, 1));
    }

    [Fact]
    public async Task Training_should_refuse_images_that_are_too_small_by_name_before_it_begins()
    {
        var small = await AddAsync("small.tif", GaussianNoise.Corrupt(ImageFixtures.Waves(1, 20, 20), Sigma, 5));

        var refused = await Should.ThrowAsync<RefusedException>(() => SubmitAsync(new TrainSpec { Model = ModelId.New(), Images = [small] }));

        refused.Message.ShouldContain("'small.tif' has 20 × 20 pixels");
        refused.Message.ShouldContain("leave it out");
    }

    private static ImageBuffer Waves(int phase) => ImageFixtures.Make(1, 160, 160, (_, y, x) => 0.5 + (0.3 * Math.Sin(0.11 * (x + phase)) * Math.Cos((0.07 + (0.002 * phase)) * y)));

    private async Task<NoiseResult> MeasureAsync(params ImageRef[] images)
    {
        var job = await SubmitAsync(new NoiseSpec(images));
        var live = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(job), TestServer.Owner);
        var ended = await live.UntilAsync(snapshot => snapshot.EndedAt is not null);
        ended.Problem.ShouldBeNull();
        return ended.Result.ShouldBeOfType<NoiseResult>();
    }

    private async Task<JobId> SubmitAsync(JobSpec spec)
    {
        var job = spec is NoiseSpec noise ? noise.JobIn(TestServer.Workspace) : JobId.New();
        await TestServer.AsOwner(() => Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Work", spec)));
        return job;
    }

    private async Task<ImageRef> AddAsync(string name, ImageBuffer image)
    {
        using var file = new MemoryStream();
        ImageWriter.Write(image, file, OutputFormat.Tiff32F);
        file.Position = 0;
        var added = await TestServer.AsOwner(() => Server.Services.GetRequiredService<ImageIngest>().AddAsync(_dataset, name, file, TestContext.Current.CancellationToken));
        return new ImageRef(_dataset, added.Id);
    }
}
