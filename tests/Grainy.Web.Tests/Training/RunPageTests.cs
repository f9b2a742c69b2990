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

    private static ImageRef Ref(string name) => new(new DatasetId("ds-a"), Some.Image(name).Id);

    private void Submit() => Job.Submission = new JobSubmission(WorkspaceId.Main, "kodim07.png", new TrainSpec { Model = new ModelId("mo-1"), Images = [Ref("noisy")], Seed = 7 });

    private async Task ChangeAsync(JobSnapshot job)
    {
        await Job.ChangeAsync(job);
    }

    private IRenderedComponent<IComponent> Show() => ShowPage<RunPage>(parameters => parameters["Job"] = "job-1");
}
