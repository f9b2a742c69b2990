using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Web.Features.Blending;
using Grainy.Web.Shared.ImageViewer;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Tests.Blending;

public sealed class AveragePageTests : PageTest
{
    private FakeJob Job => Cluster.Job("job-1");

    [Fact]
    public void Page_should_show_the_average_beside_the_mean_and_the_grain_of_both()
    {
        Submit();
        Cluster.Dataset("ds-a").Images.AddRange([Some.Image("average"), Some.Image("mean")]);
        Job.Set(Some.Job("job-1", JobState.Succeeded) with
        {
            Result = new AverageResult(Ref("average"), Ref("mean"), "elpips-builtin", 0.92, 0.47, Grain(0.002), Grain(0.0018), Grain(0.0009), "Image 2 moved by 3 pixels."),
        });

        var page = Show();

        page.WaitForAssertion(() => page.FindComponent<SplitViewer>().Instance.Left.Name.ShouldStartWith("Average under"));
        page.FindComponent<SplitViewer>().Instance.Right.Name.ShouldBe("Mean of the pixels");
        page.Find(".blend-facts").TextContent.ShouldBe("Image 2 moved by 3 pixels.");
        page.Find(".scores-panel").TextContent.ShouldContain("the average keeps 92 % of the exposures' variance, the mean of the pixels 47 %");
        page.FindAll("svg polyline").Count.ShouldBe(3);
        page.FindAll("tbody tr").Select(row => row.Children[1].TextContent).ShouldBe(["2.000", "1.800", "0.900"]);
    }

    [Fact]
    public async Task Page_should_follow_the_work_show_pictures_on_the_way_and_stop_on_request()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Running, new JobProgress { Step = 10, Fraction = 0.25, Activity = "step 10 of at most 40", EtaSeconds = 30 }));
        var page = Show();
        page.WaitForAssertion(() => page.Find("[role=status]").TextContent.ShouldBe("step 10 of at most 40 · at most 30 s left"));
        page.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("25");
        page.Find(".preview-wait").TextContent.ShouldBe("The first picture comes soon.");

        await Job.ChangeAsync(Some.Job("job-1", JobState.Running) with { Previews = [new(10, Some.Blob("p"), null)] });
        page.WaitForAssertion(() => page.Find(".scrubber-picture img").GetAttribute("alt").ShouldBe("The average after 10 steps"));
        page.WaitForAssertion(() => page.FindAll("button").Single(button => button.TextContent == "Stop").Click());
        Job.Cancelled.ShouldBeTrue();

        await Job.ChangeAsync(Some.Job("job-1", JobState.Cancelled));
        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("There is no result"));
        page.FindAll("[role=progressbar]").ShouldBeEmpty();
    }

    [Fact]
    public void Page_should_say_so_when_the_job_is_something_else()
    {
        Job.Submission = new JobSubmission(WorkspaceId.Main, "Training", new TrainSpec { Model = new ModelId("mo-1"), Images = [Ref("a")] });
        Job.Set(Some.Job("job-1", JobState.Running));

        var page = Show();

        page.WaitForAssertion(() => page.Find(".failed p").TextContent.ShouldContain("makes no average"));
    }

    [Fact]
    public void Page_should_say_why_an_average_failed()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Failed) with { Problem = "The exposures differ in size; crop them." });

        var page = Show();

        page.WaitForAssertion(() => page.Find(".notice.bad").TextContent.ShouldBe("The exposures differ in size; crop them."));
    }

    private static GrainSpectrum Grain(double variance) => new(variance, variance / 2, [0.1, 0.3, 0.5], [variance, variance / 2, variance / 3]);

    private static ImageRef Ref(string name) => new(new DatasetId("ds-a"), Some.Image(name).Id);

    private void Submit() =>
        Job.Submission = new JobSubmission(WorkspaceId.Main, "Average of 2 exposures", new AverageSpec([Ref("a"), Ref("b")], new AverageSettings()));

    private IRenderedComponent<IComponent> Show() => ShowPage<AveragePage>(parameters => parameters["Id"] = "job-1");
}
