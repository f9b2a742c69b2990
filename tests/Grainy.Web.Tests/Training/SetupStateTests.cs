using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Web.Features.Training;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Training;

public sealed class SetupStateTests : PageTest
{
    private static readonly DatasetId Dataset = new("ds-a");

    private SetupState State => field ??= new SetupState(Grains);

    [Fact]
    public async Task LoadAsync_should_leave_out_clean_references_and_computed_images()
    {
        Put(Some.Image(1) with { Reference = Some.Image(2).Id }, Some.Image(2), Some.Image(3) with { Parent = Some.Image(1).Id });

        await State.LoadAsync(Dataset, []);

        State.Images!.Select(image => image.Name).ShouldBe(["001"]);
        State.LeftOut.ShouldBe(2);
    }

    [Fact]
    public async Task LoadAsync_should_keep_a_computed_image_that_alone_was_chosen()
    {
        Put(Some.Image(1) with { Parent = new ImageId("im-x") });

        await State.LoadAsync(Dataset, [Some.Image(1).Id]);

        State.Images.ShouldHaveSingleItem();
        State.LeftOut.ShouldBe(0);
    }

    [Fact]
    public async Task Objection_should_ask_for_sigma_when_an_image_has_no_estimate()
    {
        Put(Some.Image("tiny", sigma: null));
        await State.LoadAsync(Dataset, []);
        State.Objection.ShouldNotBeNull().ShouldContain("tiny");

        State.Options.Noise.Source = NoiseSource.Given;

        State.Objection.ShouldBeNull();
    }

    [Fact]
    public async Task Objection_should_name_an_image_that_is_too_small_and_what_to_do()
    {
        Put(Some.Image("stamp") with { Width = 20, Height = 20 });

        await State.LoadAsync(Dataset, []);

        State.Objection.ShouldNotBeNull().ShouldContain("stamp has 20 × 20 pixels");
        State.Objection!.ShouldContain("leave it out");
    }

    [Fact]
    public async Task Objection_should_tell_what_the_measurement_refused()
    {
        Put(Some.Image(1), Some.Image(2));
        await State.LoadAsync(Dataset, []);
        await MeasuredAsync(new NoiseResult { Problems = [new ImageProblem(Ref(2), "holds the same value everywhere; leave it out.")], Scenes = [0, 1] });

        State.Objection.ShouldBe("002: holds the same value everywhere; leave it out.");
        State.Remove(Some.Image(2).Id);
    }

    [Fact]
    public async Task Objection_should_ask_for_a_tick_when_training_is_advised_against()
    {
        Put(Some.Image(1));
        await State.LoadAsync(Dataset, []);
        await MeasuredAsync(new NoiseResult { Advice = NoiseAdvice.Stop, Scenes = [0], Images = [new ImageFinding { Image = Ref(1) }] });
        State.Objection.ShouldNotBeNull().ShouldContain("advised against");

        State.DespiteAdvice = true;

        State.Objection.ShouldBeNull();
    }

    [Fact]
    public async Task Objection_should_refuse_grey_and_colour_together()
    {
        Put(Some.Image(1), Some.Image(2) with { Channels = 1 });

        await State.LoadAsync(Dataset, []);

        State.Objection.ShouldNotBeNull().ShouldContain("Grey and colour");
    }

    [Fact]
    public async Task StartAsync_should_submit_what_was_set_up()
    {
        Put(Some.Image(1), Some.Image(2));
        await State.LoadAsync(Dataset, []);
        (State.Options.Noise.Source, State.Options.Noise.SigmaText) = (NoiseSource.Given, "51");
        (State.Options.BudgetSeconds, State.Options.SeedText, State.Options.Preset) = (600, "42", "full");

        var job = await State.StartAsync();

        var submission = Cluster.Job(job.Value).Submission.ShouldNotBeNull();
        submission.Title.ShouldBe("Set, 2 images");
        var spec = submission.Spec.ShouldBeOfType<TrainSpec>();
        spec.Images.ShouldBe([new ImageRef(Dataset, Some.Image(1).Id), new ImageRef(Dataset, Some.Image(2).Id)]);
        spec.NoiseSigma.ShouldBe(0.2);
        (spec.BudgetSeconds, spec.Seed, spec.Preset, spec.StartFromBuiltIn).ShouldBe((600, 42, "full", false)); // the built-in denoiser is a medium network
        spec.Scenes.ShouldBe([0, 1]);
    }

    [Fact]
    public async Task Network_should_be_that_of_the_built_in_denoiser_until_another_is_chosen()
    {
        Put(Some.Image(1));
        await State.LoadAsync(Dataset, []);
        (State.Preset, State.IsAdapting).ShouldBe((TrainSpec.BuiltInPreset, true));

        State.ChoosePreset("compact");
        (State.Preset, State.IsAdapting).ShouldBe(("compact", false));

        State.ChoosePreset("medium");
        (State.Preset, State.IsAdapting).ShouldBe(("medium", true));

        // There is no such network for other methods.
        State.Options.Choose(MethodFacts.Noise2Void);
        (State.Preset, State.IsAdapting).ShouldBe(("compact", false));
    }

    [Fact]
    public async Task StartAsync_should_refuse_when_there_is_an_objection()
    {
        Put(Some.Image(1));
        await State.LoadAsync(Dataset, []);
        State.Options.SeedText = "-1";

        await Should.ThrowAsync<RefusedException>(State.StartAsync);
    }

    [Fact]
    public async Task StartAsync_should_submit_what_the_measurement_proposed()
    {
        Put(Some.Image(1), Some.Image(2), Some.Image(3), Some.Image(4));
        await State.LoadAsync(Dataset, []);
        await MeasuredAsync(new NoiseResult
        {
            Method = "noise2noise",
            Noise = new NoiseChoice("poisson", 120),
            Scenes = [0, 0, 1, 1],
            Images = [new ImageFinding { Image = Ref(1), Sigma = 0.1 }],
            Frames = [new FrameFinding(Ref(1), Ref(2), 0.1, 0.5, 0, 0.01, true, 0, false)],
        });
        State.Options.Take(State.Noise.Result!);

        var job = await State.StartAsync();

        var spec = Cluster.Job(job.Value).Submission!.Spec.ShouldBeOfType<TrainSpec>();
        (spec.Method, spec.Align, spec.Noise, spec.NoiseSigma).ShouldBe(("noise2noise", true, null, null));
        spec.Scenes.ShouldBe([0, 0, 1, 1]);
    }

    [Fact]
    public async Task AskAsync_should_find_the_measurement_of_the_same_images_again_and_repeat_a_failed_one()
    {
        Put(Some.Image(1));
        await State.LoadAsync(Dataset, []);
        await State.Noise.AskAsync(Dataset, State.Images!);
        var first = State.Noise.Job!.Value;
        var other = new NoiseState(Grains);
        await other.AskAsync(Dataset, State.Images!);
        other.Job.ShouldBe(first);
        Cluster.Job(first.Value).Set(Some.Job(first.Value, JobState.Failed));

        await other.AskAsync(Dataset, State.Images!);

        other.Job.ShouldNotBe(first);
        other.Problem.ShouldBeNull();
    }

    private async Task MeasuredAsync(NoiseResult result)
    {
        await State.Noise.AskAsync(Dataset, State.Images!);
        State.Noise.Take(Some.Job(State.Noise.Job!.Value.Value, JobState.Succeeded) with { Result = result });
    }

    private static ImageRef Ref(int number) => new(Dataset, Some.Image(number).Id);

    private void Put(params ImageInfo[] images) => Cluster.Dataset(Dataset.Value).Images.AddRange(images);
}
