using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Denoising;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Grains.Datasets;
using Grainy.Grains.Tests.Kit;
using Grainy.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Grains.Tests.Jobs.Executors;

/// <summary>The real executors on a real device thread, with images small enough for seconds.</summary>
public sealed class RealWorkTests : IAsyncLifetime
{
    private const double Sigma = 0.1;
    private TestServer? _server;

    private TestServer Server => _server!;

    private IGrainFactory Grains => Server.Grains;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await TestServer.StartAsync(TestServer.NewFolder());

    public ValueTask DisposeAsync() => Server.DisposeAsync();

    [Fact]
    public async Task Training_should_give_a_model_and_a_denoised_image_and_go_on_where_it_was_after_a_restart()
    {
        var (noisy, clean) = await AddPairAsync(Server);
        var spec = new TrainSpec { Model = ModelId.New(), Images = [noisy], NoiseSigma = Sigma, BudgetSeconds = 8 };
        var job = await SubmitAsync(Server, spec);
        var live = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(job), TestServer.Owner);
        var before = await live.UntilAsync(snapshot => snapshot.Previews.Length > 0 && snapshot.Loss.Length > 0);
        before.State.ShouldBe(JobState.Running);

        // In good order the step is kept; that a kill goes on from the last checkpoint is shown with scripted work elsewhere.
        await Server.StopAsync().WaitAsync(TimeSpan.FromSeconds(10), Cancellation);
        _server = await TestServer.StartAsync(Server.Folder);
        var after = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(job), TestServer.Owner);
        var ended = await after.UntilAsync(snapshot => snapshot.EndedAt is not null);

        ended.Problem.ShouldBeNull();
        ended.Attempt.ShouldBe(2);
        ended.CheckpointStep.ShouldBeGreaterThanOrEqualTo(before.Progress!.Step);
        var result = ended.Result.ShouldBeOfType<TrainResult>();
        result.Steps.ShouldBe(ended.CheckpointStep);
        var denoised = result.Images.ShouldHaveSingleItem();
        denoised.NoisyPsnr.ShouldNotBeNull().ShouldBe(20, 0.3); // −20·log₁₀(0.1)
        double.IsFinite(denoised.DenoisedPsnr.ShouldNotBeNull()).ShouldBeTrue();
        var image = await TestServer.AsOwner(() => Grains.Dataset(denoised.Denoised.Dataset).GetImageAsync(denoised.Denoised.Image));
        (image.Parent, image.Reference, image.Width, image.IsFloat).ShouldBe((noisy.Image, clean.Image, 64, true));
        image.Recipe.ShouldNotBeNull().ShouldContain("Blind-spot");
        denoised.Trust.ShouldNotBeNull().ExpectedSigma.ShouldNotBeNull().ShouldBe(Sigma, 1e-6);
        denoised.Trust.Second.ShouldBeNull(); // there is no other exposure
        denoised.Doubt.ShouldNotBeNull().Largest.ShouldBeInRange(denoised.Doubt.Mean, 1);
        result.SecondsPerMegapixel.ShouldNotBeNull().ShouldBePositive();
        (await TestServer.AsOwner(() => Grains.Model(spec.Model).GetAsync())).Weights.ShouldBe(result.Weights);
        var reused = (DenoiseResult)(await EndOfAsync(new DenoiseSpec([noisy], spec.Model))).Result!;
        (await TestServer.AsOwner(() => Grains.Dataset(noisy.Dataset).GetImageAsync(reused.Images[0].Denoised.Image))).Recipe.ShouldNotBeNull().ShouldStartWith("Model 'Work'");
        ended.Previews.ShouldAllBe(preview => preview.Psnr > 5); // a clean version is known
    }

    [Fact]
    public async Task Denoising_at_once_should_use_the_built_in_model_and_name_images_that_do_not_suit()
    {
        var (noisy, clean) = await AddPairAsync(Server);
        var tiny = new ImageRef(noisy.Dataset, (await AddAsync(Server, noisy.Dataset, "tiny.tif", ImageFixtures.Waves(3, 8, 40))).Id);

        var ended = await EndOfAsync(new DenoiseSpec([tiny, noisy]));
        var alone = await EndOfAsync(new DenoiseSpec([tiny]));
        var strange = await Should.ThrowAsync<RefusedException>(() => SubmitAsync(Server, new DenoiseSpec([noisy], ModelId.New())));

        ended.Problem.ShouldBeNull();
        var result = ended.Result.ShouldBeOfType<DenoiseResult>();
        result.Problems.ShouldHaveSingleItem().ShouldBe(new ImageProblem(tiny, alone.Problem!));
        alone.Problem.ShouldNotBeNull().ShouldContain("'tiny.tif'");
        alone.State.ShouldBe(JobState.Failed);
        var denoised = result.Images.ShouldHaveSingleItem();
        (denoised.DenoisedPsnr - denoised.NoisyPsnr).ShouldNotBeNull().ShouldBeGreaterThan(5);
        denoised.Trust.ShouldNotBeNull().ExpectedSigma.ShouldNotBeNull().ShouldBe(Sigma, 0.02);
        denoised.Doubt.ShouldNotBeNull();
        var image = await TestServer.AsOwner(() => Grains.Dataset(noisy.Dataset).GetImageAsync(denoised.Denoised.Image));
        (image.Parent, image.Reference).ShouldBe((noisy.Image, clean.Image));
        image.Recipe.ShouldNotBeNull().ShouldStartWith("Built-in denoiser, noise of σ = ");
        strange.Reason.ShouldBe(Refusal.NotFound);
    }

    [Trait("Category", "slow")]
    [Fact]
    public async Task Training_by_pairs_should_take_all_images_for_exposures_of_one_scene()
    {
        var clean = ImageFixtures.Waves(1, 64, 64);
        var dataset = await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Burst"));
        ImageInfo[] frames = [.. await Task.WhenAll(Enumerable.Range(1, 2).Select(
            seed => AddAsync(Server, dataset, $"{seed}.tif", GaussianNoise.Corrupt(clean, Sigma, (ulong)seed))))];
        var spec = new TrainSpec { Model = ModelId.New(), Images = [.. frames.Select(frame => new ImageRef(dataset, frame.Id))], Method = "noise2noise", BudgetSeconds = 5 };
        var alone = await Should.ThrowAsync<RefusedException>(() => SubmitAsync(Server, spec with { Images = spec.Images[..1] }));

        var live = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(await SubmitAsync(Server, spec)), TestServer.Owner);
        var ended = await live.UntilAsync(snapshot => snapshot.EndedAt is not null);

        alone.Message.ShouldContain("only exposure of its scene");
        ended.Problem.ShouldBeNull();
        var denoised = ended.Result.ShouldBeOfType<TrainResult>().Images[0].Denoised;
        (await TestServer.AsOwner(() => Grains.Dataset(dataset).GetImageAsync(denoised.Image))).Recipe.ShouldNotBeNull().ShouldContain("noise2noise");
        var judged = ((TrainResult)ended.Result).Images[0].Trust.ShouldNotBeNull();
        judged.Second.ShouldNotBeNull().NoisyPsnr.ShouldBe(20, 0.5); // −20·log₁₀(0.1)
        judged.Second.Frame.ShouldBe(spec.Images[1]);
        ((TrainResult)ended.Result).Images[0].Doubt.ShouldBeNull(); // a plain network cannot tell
    }

    [Fact]
    public async Task Sample_set_should_fill_a_dataset_with_images_and_their_clean_versions()
    {
        var dataset = await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Samples"));
        var job = await SubmitAsync(Server, new SampleSpec(dataset, "photo", 1));
        var live = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(job), TestServer.Owner);

        var ended = await live.UntilAsync(snapshot => snapshot.EndedAt is not null);

        ended.Problem.ShouldBeNull();
        ended.Result.ShouldBe(new SampleResult(2));
        var images = await TestServer.AsOwner(() => Grains.Dataset(dataset).GetImagesAsync(0, 60));
        images.Single(image => image.Reference is not null).NoiseSigma.ShouldNotBeNull().ShouldBe(25 / 255.0, 0.02);
    }

    [Fact]
    public async Task File_that_is_no_image_should_be_refused_with_a_sentence_and_add_nothing()
    {
        var dataset = await TestServer.AsOwner(() => Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Uploads"));
        using var text = new MemoryStream("This is no picture."u8.ToArray());

        var refused = await Should.ThrowAsync<RefusedException>(
            () => TestServer.AsOwner(() => Service<ImageIngest>().AddAsync(dataset, "notes.png", text, Cancellation)));

        refused.Reason.ShouldBe(Refusal.Invalid);
        (await TestServer.AsOwner(() => Grains.Dataset(dataset).GetAsync())).Images.ShouldBe(0);
    }

    private async Task<JobSnapshot> EndOfAsync(JobSpec spec)
    {
        var live = await LiveProbe<JobSnapshot>.WatchAsync(Grains, Grains.Job(await SubmitAsync(Server, spec)), TestServer.Owner);
        return await live.UntilAsync(snapshot => snapshot.EndedAt is not null);
    }

    private T Service<T>()
        where T : notnull => Server.Services.GetRequiredService<T>();

    private static async Task<(ImageRef Noisy, ImageRef Clean)> AddPairAsync(TestServer server)
    {
        var clean = ImageFixtures.Waves(3, 64, 64);
        var dataset = await TestServer.AsOwner(() => server.Grains.Workspace(TestServer.Workspace).CreateDatasetAsync("Pair"));
        var noisyInfo = await AddAsync(server, dataset, "noisy.tif", GaussianNoise.Corrupt(clean, Sigma, seed: 1));
        var cleanInfo = await AddAsync(server, dataset, "clean.tif", clean);
        await TestServer.AsOwner(() => server.Grains.Dataset(dataset).SetReferenceAsync(noisyInfo.Id, cleanInfo.Id));
        return (new(dataset, noisyInfo.Id), new(dataset, cleanInfo.Id));
    }

    private static async Task<ImageInfo> AddAsync(TestServer server, DatasetId dataset, string name, ImageBuffer image)
    {
        using var file = new MemoryStream();
        ImageWriter.Write(image, file, OutputFormat.Tiff32F);
        file.Position = 0;
        return await TestServer.AsOwner(() => server.Services.GetRequiredService<ImageIngest>().AddAsync(dataset, name, file, Cancellation));
    }

    private static async Task<JobId> SubmitAsync(TestServer server, JobSpec spec)
    {
        var job = JobId.New();
        await TestServer.AsOwner(() => server.Grains.Job(job).SubmitAsync(new JobSubmission(TestServer.Workspace, "Work", spec)));
        return job;
    }
}
