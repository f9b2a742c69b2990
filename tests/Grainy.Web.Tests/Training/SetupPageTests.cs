using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Features.Training;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Web.Tests.Training;

public sealed class SetupPageTests : PageTest
{
    private static readonly ImageRef Image = new(new DatasetId("ds-a"), Some.Image("noisy").Id);

    private static JobId Measurement => new NoiseSpec([Image]).JobIn(WorkspaceId.Main);

    [Fact]
    public async Task Page_should_follow_the_measurement_and_take_over_what_is_proposed()
    {
        var page = Show();
        page.WaitForAssertion(() => page.Find(".noise-panel [role=progressbar]"));

        await MeasuredAsync(new NoiseResult { Advice = NoiseAdvice.Caution, Method = "noise2void", MaskStructure = "horizontal", Reason = "Rows share noise.", Images = [Finding], Scenes = [0] });

        page.WaitForAssertion(() => page.Find(".noise-chips .chip").TextContent.ShouldBe("Go, with care"));
        page.Find(".noise-panel").TextContent.ShouldContain("Proposed: Noise2Void. Rows share noise.");
        page.FindAll(".method input:checked").ShouldHaveSingleItem().Closest("label")!.TextContent.ShouldContain("Noise2Void");
        page.Find("#mask").GetAttribute("value").ShouldBe("horizontal");
        page.FindAll(".method.off").Select(method => method.QuerySelector("b")!.TextContent).ShouldBe(["Noise2Noise", "Noise2Clean"]);
    }

    [Fact]
    public async Task Page_should_keep_what_a_person_chose_when_the_measurement_comes_later()
    {
        var page = Show();
        page.WaitForAssertion(() => page.Find(".method"));
        page.FindAll(".method input")[2].Change("on");

        await MeasuredAsync(new NoiseResult { Method = "zero-shot", Images = [Finding], Scenes = [0] });

        page.WaitForAssertion(() => page.Find(".noise-chips"));
        page.Find(".going-to").TextContent.ShouldStartWith("Neighbor2Neighbor");
        page.FindAll("button").First(button => button.TextContent == "Use what is proposed").Click();
        page.WaitForAssertion(() => page.Find(".going-to").TextContent.ShouldStartWith("Zero-shot"));
    }

    [Fact]
    public async Task Page_should_say_that_displaced_exposures_will_be_moved_back()
    {
        var page = Show();
        page.WaitForAssertion(() => page.Find(".noise-panel [role=progressbar]"));

        await MeasuredAsync(new NoiseResult { Method = "noise2noise", Images = [Finding], Scenes = [0], Frames = [new FrameFinding(Image, Image, 0.1, 0.7, 0, 0.01, true, 0, false)] });

        page.WaitForAssertion(() => page.Find(".noise-panel").TextContent.ShouldContain("will be corrected in the training"));
    }

    [Fact]
    public void Page_should_tell_the_time_from_what_was_measured_here()
    {
        Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Job, "job-old", "", "succeeded", default));
        Cluster.Job("job-old").Submission = new JobSubmission(WorkspaceId.Main, "", new TrainSpec { Model = default, Images = [Image], Preset = TrainSpec.BuiltInPreset });
        Cluster.Job("job-old").Set(Some.Job("job-old", JobState.Succeeded, new JobProgress { Step = 500, ElapsedSeconds = 100 }) with
        {
            Result = new TrainResult(Some.Blob("w"), 500, []) { SecondsPerMegapixel = 32.552 }, // 10 s for 640 × 480
        });

        var page = Show();

        page.WaitForAssertion(() => page.Find(".predicted").TextContent.ShouldBe("About 2 min 10 s in all, 10 s of it to denoise; speed as last measured on local/cpu."));
        page.FindAll(".budget").Select(card => card.TextContent).ShouldContain(card => card.Contains("≈ 600 steps"));
    }

    [Fact]
    public void Page_should_say_so_where_no_speed_is_known()
    {
        var page = Show();

        page.WaitForAssertion(() => page.Find(".predicted").TextContent.ShouldContain("no training of this kind has run here yet"));
    }

    private static ImageFinding Finding => new() { Image = Image, Sigma = 0.1 };

    private async Task MeasuredAsync(NoiseResult result) =>
        await Cluster.Job(Measurement.Value).ChangeAsync(Some.Job(Measurement.Value, JobState.Succeeded) with { Result = result });

    private IRenderedComponent<IComponent> Show()
    {
        Cluster.Dataset("ds-a").Images.Add(Some.Image("noisy"));
        Services.GetRequiredService<NavigationManager>().NavigateTo("/train/new?dataset=ds-a");
        return ShowPage<SetupPage>();
    }
}
