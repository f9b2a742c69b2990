using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Web.Features.Training;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Tests.Training;

public sealed class RunPageTests : PageTest
{
    private FakeJob Job => Cluster.Job("job-1");

    [Fact]
    public async Task Page_should_follow_a_training_from_the_queue_to_its_result()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Queued) with { QueuePosition = 2 });
        var page = Show();
        page.WaitForAssertion(() => page.Find(".headline").TextContent.ShouldContain("2 jobs before it"));

        await ChangeAsync(Some.Job("job-1", JobState.Running, new JobProgress { Step = 300, Steps = 1200, Fraction = 0.25, Activity = "training", EtaSeconds = 90 }) with
        {
            Loss = [new(1, 0.5), new(300, -1.5)],
            Previews = [new(10, Some.Blob("p1"), null)],
        });
        page.WaitForAssertion(() => page.Find(".headline").TextContent.ShouldBe("training · step 300 of about 1,200 · 1 min 30 s left · on local/cpu · seed 7"));
        page.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("25");
        page.Find("svg .curve");

        Cluster.Dataset("ds-a").Images.AddRange([Some.Image("noisy"), Some.Image("clean")]);
        await ChangeAsync(Some.Job("job-1", JobState.Succeeded, new JobProgress { Step = 1200, ElapsedSeconds = 120 }) with
        {
            Result = new TrainResult(Some.Blob("w"), 1200, [new DenoisedImage(Ref("noisy"), Ref("clean"), 20.17, 28.5)]),
        });

        page.WaitForAssertion(() => page.Find(".psnr").TextContent.ShouldBe("PSNR 20.17 → 28.50 dB"));
        page.FindAll("a[download]").Select(link => link.GetAttribute("href")).ShouldBe(
        [
            "/api/v1/models/mo-1/file",
            "/api/v1/datasets/ds-a/images/im-clean/download?format=original",
            "/api/v1/datasets/ds-a/images/im-clean/download?format=png16",
            "/api/v1/datasets/ds-a/images/im-clean/download?format=tiff16",
            "/api/v1/datasets/ds-a/images/im-clean/download?format=tiff32f",
        ]);
        page.FindAll("[role=progressbar]").ShouldBeEmpty();
    }

    [Fact]
    public void Page_should_cancel_on_request()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Running));
        var page = Show();

        page.WaitForAssertion(() => page.Find(".btn.danger"));
        page.WaitForAssertion(() => page.Find(".btn.danger").Click());

        Job.Cancelled.ShouldBeTrue();
    }

    [Fact]
    public async Task Page_should_offer_what_can_be_done_in_each_state()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Running, new JobProgress { Step = 10 }));
        var page = Show();
        page.WaitForAssertion(() => Press(page, "Pause"));
        page.WaitForAssertion(() => Press(page, "Finish now"));

        await ChangeAsync(Some.Job("job-1", JobState.Paused) with { CheckpointStep = 10 });
        page.WaitForAssertion(() => Press(page, "Go on"));
        page.Find(".chip.warn").TextContent.ShouldBe("Paused");

        await ChangeAsync(Some.Job("job-1", JobState.Succeeded) with { CheckpointStep = 10 });
        page.WaitForAssertion(() => Press(page, "Learn further"));

        Job.Wishes.ShouldBe(["pause", "finish", "resume", "extend 120"]);
    }

    [Fact]
    public void Page_should_show_whether_a_result_can_be_trusted_and_where_it_is_unsure()
    {
        Submit();
        Cluster.Dataset("ds-a").Images.AddRange([Some.Image("noisy"), Some.Image("clean")]);
        var trust = new TrustReport
        {
            Sigma = 0.1,
            ExpectedSigma = 0.1,
            DetailCorrelation = 0.11,
            CorrelationError = 0.001,
            Lag = new LagFinding(1, 0, 0.01),
            Second = new SecondFrameScore(Ref("second"), 31.5, 31.2, 31.8, 20.1),
            Remarks = [new NoiseRemark("detail-lost", "Edges or texture were blurred away.")],
        };
        var result = new DenoisedImage(Ref("noisy"), Ref("clean"), null, null) { Trust = trust, Doubt = new DoubtMap(Some.Blob("doubt"), Some.Blob("tif"), 0.02, 0.05, 0.01) };
        Job.Set(Some.Job("job-1", JobState.Succeeded) with { Result = new TrainResult(Some.Blob("w"), 12, [result], ["In scene 1 a frame is displaced."]) });

        var page = Show();

        page.WaitForAssertion(() => page.FindAll(".check.warn .check-name").Select(check => check.TextContent).ShouldBe(["Fine detail was lost"]));
        page.Find(".checks").TextContent.ShouldContain("20.10 → 31.50 dB (95 %: 31.20 to 31.80)");
        page.Find(".trust .verdicts").TextContent.ShouldContain("Edges or texture");
        page.Find(".notice").TextContent.ShouldBe("In scene 1 a frame is displaced.");
        page.Find(".residual img").GetAttribute("src").ShouldStartWith("/api/v1/jobs/job-1/residual/0/1024.png?reach=0.4&v=");
        page.Find(".residual figcaption").TextContent.ShouldContain("white +102.0 and black −102.0 of 255");
        page.FindAll("input[type=checkbox]").First(box => box.ParentElement!.TextContent.Contains("what was taken out", StringComparison.Ordinal)).Change(true);
        page.WaitForAssertion(() => page.Find("[data-part=right-name]").TextContent.ShouldBe("Taken out"));
        page.Find(".map-bar a").GetAttribute("href").ShouldStartWith("/api/v1/jobs/job-1/doubt/0.tif?v=");
        page.Find(".map-bar input[type=checkbox]").Change(true);
        page.WaitForAssertion(() => page.Find(".map-reading").TextContent.ShouldContain("σ = 5.1 of 255"));
    }

    [Theory]
    [InlineData(TrainingVerdict.Overfitting, ".advice.warn", "become worse since step 1,200")]
    [InlineData(TrainingVerdict.GoOn, ".advice.good", "as the server says")]
    [InlineData(TrainingVerdict.Plateau, ".advice.muted", "as the server says")]
    public void Page_should_show_what_held_out_images_say(TrainingVerdict verdict, string style, string words)
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Running) with { HeldOut = [new(10, 1), new(20, 0.5)], Advice = new TrainingAdvice(verdict, 1200, "as the server says") });

        var page = Show();

        page.WaitForAssertion(() => page.Find(style).TextContent.ShouldContain(words));
        page.Find("svg").GetAttribute("aria-label").ShouldBe("Held-out images from 1.000 at step 10 to 0.500 at step 20");
    }

    [Fact]
    public void Page_should_say_why_a_training_failed()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Failed) with { Problem = "The device ran out of memory; choose the compact network." });

        var page = Show();

        page.WaitForAssertion(() => page.Find(".notice.bad").TextContent.ShouldBe("The device ran out of memory; choose the compact network."));
    }

    [Fact]
    public void Page_should_say_so_when_there_is_no_such_job()
    {
        var page = Show();

        page.WaitForAssertion(() => page.Find(".failed p").TextContent.ShouldBe("It is not there (any more)."));
    }

    [Fact]
    public async Task Leaving_the_page_should_end_its_subscription()
    {
        Submit();
        Job.Set(Some.Job("job-1", JobState.Running));
        var page = Show();
        page.WaitForAssertion(() => page.Find(".headline"));

        await DisposeComponentsAsync();

        Job.Observers.ShouldBeEmpty();
        Cluster.References.ShouldBeEmpty();
    }

    private static void Press(IRenderedComponent<IComponent> page, string name) => page.FindAll("button").First(button => button.TextContent == name).Click();

    private static ImageRef Ref(string name) => new(new DatasetId("ds-a"), Some.Image(name).Id);

    private void Submit() => Job.Submission = new JobSubmission(WorkspaceId.Main, "kodim07.png", new TrainSpec { Model = new ModelId("mo-1"), Images = [Ref("noisy")], Seed = 7 });

    private async Task ChangeAsync(JobSnapshot job)
    {
        await Job.ChangeAsync(job);
    }

    private IRenderedComponent<IComponent> Show() => ShowPage<RunPage>(parameters => parameters["Job"] = "job-1");
}
