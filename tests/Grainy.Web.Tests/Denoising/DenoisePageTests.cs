using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Denoising;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Features.Denoising;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Web.Tests.Denoising;

public sealed class DenoisePageTests : PageTest
{
    private static readonly DatasetId Dataset = new("ds-a");

    private FakeJob Job => Cluster.Job("job-1");

    [Fact]
    public async Task Page_should_show_the_result_with_its_downloads_and_the_images_that_did_not_suit()
    {
        Submit("noisy", "tiny");
        Job.Set(Some.Job("job-1", JobState.Running, new JobProgress { Step = 0, Steps = 2, Fraction = 0.25, Activity = "denoising 1 of 2" }));
        Cluster.Dataset("ds-a").Images.AddRange([Some.Image("noisy"), Some.Image("clean") with { Recipe = "Built-in denoiser, noise of σ = 25.0 of 255" }]);
        var page = Show();
        page.WaitForAssertion(() => page.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("25"));
        page.Find(".headline").TextContent.ShouldBe("denoising 1 of 2");

        var result = new DenoiseResult([new DenoisedImage(Ref("noisy"), Ref("clean"), null, null)], [new ImageProblem(Ref("tiny"), "'tiny': too small.")]);
        await Job.ChangeAsync(Some.Job("job-1", JobState.Succeeded) with { Result = result, CreatedAt = Clock.GetUtcNow(), EndedAt = Clock.GetUtcNow().AddSeconds(4) });

        page.WaitForAssertion(() => page.Find(".made-by").TextContent.ShouldBe("Built-in denoiser, noise of σ = 25.0 of 255."));
        page.Find(".headline").TextContent.ShouldBe("in 4 s");
        page.Find(".notice.bad").TextContent.ShouldBe("'tiny': too small.");
        page.Find("a[download]").GetAttribute("href").ShouldBe("/api/v1/datasets/ds-a/images/im-clean/download?format=original");
        page.FindAll("a").Single(link => link.TextContent.StartsWith("Adapt", StringComparison.Ordinal)).GetAttribute("href").ShouldBe("/train/new?dataset=ds-a&images=im-noisy,im-tiny");
        page.FindAll("[role=progressbar]").ShouldBeEmpty();
    }

    [Fact]
    public void All_results_should_come_in_one_download()
    {
        Submit("noisy", "other");
        Cluster.Dataset("ds-a").Images.AddRange([Some.Image("noisy"), Some.Image("clean")]);
        var pair = new DenoisedImage(Ref("noisy"), Ref("clean"), null, null);
        Job.Set(Some.Job("job-1", JobState.Succeeded) with { Result = new DenoiseResult([pair, pair], []) });

        var page = Show();

        page.WaitForAssertion(() => page.FindAll("a[download]").Single(link => link.TextContent == "All 2").GetAttribute("href").ShouldBe("/api/v1/jobs/job-1/results"));
    }

    [Fact]
    public void Page_should_denoise_the_same_images_with_a_trained_model_on_request()
    {
        Submit("noisy");
        Cluster.Workspace.Entries.AddRange([Model("mo-1", "12 steps"), Model("mo-2", "in training")]);
        Job.Set(Some.Job("job-1", JobState.Failed) with { Problem = "No." });
        var page = Show();

        page.WaitForAssertion(() => page.FindAll("#other-model option").Select(option => option.GetAttribute("value")).ShouldBe(["", "mo-1"]));
        page.WaitForAssertion(() => page.Find("#other-model").Change("mo-1"));
        page.WaitForAssertion(() => page.FindAll("button").Single(button => button.TextContent == "Denoise").Click());

        var address = new Uri(Services.GetRequiredService<NavigationManager>().Uri).AbsolutePath;
        address.ShouldStartWith("/denoise/job-");
        Cluster.Job(address["/denoise/".Length..]).Submission!.Spec.ShouldBeOfType<DenoiseSpec>().Model.ShouldBe(new ModelId("mo-1"));
    }

    private static WorkspaceEntry Model(string id, string note) => new(EntryKind.Model, id, "cells", note, default);

    private static ImageRef Ref(string name) => new(Dataset, Some.Image(name).Id);

    private void Submit(params string[] names) => Job.Submission = new JobSubmission(WorkspaceId.Main, "noisy", new DenoiseSpec([.. names.Select(Ref)]));

    private IRenderedComponent<IComponent> Show() => ShowPage<DenoisePage>(parameters => parameters["Job"] = "job-1");
}
