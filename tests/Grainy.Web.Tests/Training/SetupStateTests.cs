using Grainy.Contracts;
using Grainy.Contracts.Datasets;
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

    [Theory]
    [InlineData("25", true, 25 / 255.0)]
    [InlineData("12,5", true, 12.5 / 255.0)]
    [InlineData("0.1", false, 0.1)]
    [InlineData("0", true, null)]
    [InlineData("300", true, null)]
    [InlineData("25", false, null)]
    [InlineData("much", true, null)]
    [InlineData("NaN", true, null)]
    public void GivenSigma_should_be_read_in_the_unit_that_was_chosen(string text, bool in8Bit, double? expected)
    {
        State.SigmaText = text;
        State.SigmaIn8Bit = in8Bit;

        State.GivenSigma.ShouldBe(expected);
    }

    [Fact]
    public async Task Objection_should_ask_for_sigma_when_an_image_has_no_estimate()
    {
        Put(Some.Image("tiny", sigma: null));
        await State.LoadAsync(Dataset, []);
        State.Objection.ShouldNotBeNull().ShouldContain("tiny");

        State.EstimateNoise = false;

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
        (State.EstimateNoise, State.SigmaText, State.BudgetSeconds, State.SeedText, State.Preset) = (false, "51", 600, "42", "full");

        var job = await State.StartAsync();

        var submission = Cluster.Job(job.Value).Submission.ShouldNotBeNull();
        submission.Title.ShouldBe("Set, 2 images");
        var spec = submission.Spec.ShouldBeOfType<TrainSpec>();
        spec.Images.ShouldBe([new ImageRef(Dataset, Some.Image(1).Id), new ImageRef(Dataset, Some.Image(2).Id)]);
        spec.NoiseSigma.ShouldBe(0.2);
        (spec.BudgetSeconds, spec.Seed, spec.Preset).ShouldBe((600, 42, "full"));
    }

    [Fact]
    public async Task StartAsync_should_refuse_when_there_is_an_objection()
    {
        Put(Some.Image(1));
        await State.LoadAsync(Dataset, []);
        State.SeedText = "-1";

        await Should.ThrowAsync<RefusedException>(State.StartAsync);
    }

    private void Put(params ImageInfo[] images) => Cluster.Dataset(Dataset.Value).Images.AddRange(images);
}
