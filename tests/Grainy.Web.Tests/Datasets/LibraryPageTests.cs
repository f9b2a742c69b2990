using Bunit;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Features.Datasets;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Web.Tests.Datasets;

public sealed class LibraryPageTests : PageTest
{
    [Fact]
    public void Page_should_show_a_skeleton_while_it_reads()
    {
        Cluster.Workspace.Gate = new TaskCompletionSource().Task;

        var page = Show();

        page.FindAll(".skeleton-grid").Count.ShouldBe(1);
    }

    [Fact]
    public void Page_should_say_what_to_do_when_there_is_nothing()
    {
        var page = Show();

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("Drop images here"));
        page.FindAll("[data-upload-browse]").Count.ShouldBe(2);
    }

    [Fact]
    public void Page_should_say_one_sentence_and_try_again_when_reading_fails()
    {
        Cluster.Workspace.Failure = new TimeoutException("internal words");
        var page = Show();
        page.WaitForAssertion(() => page.Find(".failed p").TextContent.ShouldStartWith("The server did not answer in time"));
        page.Markup.ShouldNotContain("internal words");

        Cluster.Workspace.Failure = null;
        page.WaitForAssertion(() => page.Find(".failed button").Click());

        page.WaitForAssertion(() => page.FindAll(".failed").ShouldBeEmpty());
    }

    [Fact]
    public void Page_should_name_size_depth_and_noise_of_an_image_and_load_its_pixels_by_http()
    {
        Fill(1);

        var page = Show();

        page.WaitForAssertion(() => page.Find(".tile-facts").TextContent.ShouldContain("640 × 480 · 8-bit · σ ≈ 26"));
        page.Find(".tile img").GetAttribute("src")!.ShouldStartWith("/api/v1/datasets/ds-a/images/im-001/preview/320.png?v=");
    }

    [Fact]
    public void Compare_and_Blend_should_wait_for_two_images()
    {
        Fill(3);
        var page = Show();
        page.WaitForAssertion(() => page.FindAll(".tile").Count.ShouldBe(3));

        page.WaitForAssertion(() => page.FindAll(".tile")[0].Click());
        page.Find(".action-bar").TextContent.ShouldContain("1 chosen");
        Button(page, "Compare").HasAttribute("disabled").ShouldBeTrue();
        page.WaitForAssertion(() => page.FindAll(".tile")[2].Click());

        Button(page, "Compare").HasAttribute("disabled").ShouldBeFalse();
        page.WaitForAssertion(() => Button(page, "Compare").Click());
        var address = new Uri(Services.GetRequiredService<NavigationManager>().Uri).AbsolutePath;
        address.ShouldStartWith("/compare/cmp-");
        Cluster.Comparison(address["/compare/".Length..]).Plan!.Images.Length.ShouldBe(2);
    }

    [Fact]
    public async Task First_image_should_be_denoised_at_once_and_lead_to_its_result()
    {
        Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Dataset, "ds-a", "Set", "", default));
        var page = Show();
        page.WaitForAssertion(() => page.Find(".empty h2"));
        Cluster.Dataset("ds-a").Images.Add(Some.Image(1));

        await page.InvokeAsync(() => page.FindComponent<LibraryPage>().Instance.UploadedAsync("ds-a", [Some.Image(1).Id.Value], over: true));
        page.WaitForAssertion(() => page.Find(".upload-offer").TextContent.ShouldContain("Denoising 001 with the built-in denoiser"));
        var job = Cluster.Jobs.Single();
        job.Submission!.Spec.ShouldBeOfType<Contracts.Denoising.DenoiseSpec>().Images.Single().Image.ShouldBe(Some.Image(1).Id);
        await job.ChangeAsync(job.State! with { State = JobState.Succeeded });

        page.WaitForAssertion(() => page.Find(".upload-offer a.primary").GetAttribute("href").ShouldBe($"/denoise/{job.State!.Id}"));
    }

    [Fact]
    public async Task Further_images_should_be_denoised_on_request_only()
    {
        Fill(1);
        var page = Show();
        page.WaitForAssertion(() => page.FindAll(".tile").Count.ShouldBe(1));
        Cluster.Dataset("ds-a").Images.AddRange([Some.Image(2), Some.Image(3)]);
        var library = page.FindComponent<LibraryPage>().Instance;

        await page.InvokeAsync(() => library.UploadedAsync("ds-a", [Some.Image(2).Id.Value], over: false));
        page.FindAll(".upload-offer").ShouldBeEmpty();
        await page.InvokeAsync(() => library.UploadedAsync("ds-a", [Some.Image(3).Id.Value], over: true));

        page.WaitForAssertion(() => page.Find(".upload-offer").TextContent.ShouldContain("2 images added."));
        Cluster.Jobs.ShouldBeEmpty();
        page.Find(".upload-offer a").GetAttribute("href").ShouldBe("/train/new?dataset=ds-a&images=im-002,im-003");
    }

    [Fact]
    public async Task Uploads_should_appear_without_reading_the_whole_list_again()
    {
        Fill(1);
        var page = Show();
        page.WaitForAssertion(() => page.FindAll(".tile").Count.ShouldBe(1));
        var dataset = Cluster.Dataset("ds-a");
        var reads = dataset.Reads;
        dataset.Images.Add(Some.Image(2));

        await page.InvokeAsync(() => page.FindComponent<LibraryPage>().Instance.UploadedAsync("ds-a", [Some.Image(2).Id.Value], over: true));

        page.WaitForAssertion(() => page.FindAll(".tile").Count.ShouldBe(2));
        dataset.Reads.ShouldBe(reads);
    }

    [Fact]
    public void Samples_menu_should_open_and_make_what_was_chosen()
    {
        var page = Show();
        page.WaitForAssertion(() => page.Find(".empty"));

        page.WaitForAssertion(() => page.FindAll(".page-head button").Single(button => button.TextContent.Trim() == "Samples").Click());
        page.WaitForAssertion(() => page.FindAll(".mud-menu-item").Count.ShouldBe(4));
        page.WaitForAssertion(() => page.FindAll(".mud-menu-item")[1].Click());

        page.WaitForAssertion(() => Cluster.Workspace.Entries.ShouldHaveSingleItem().Name.ShouldBe("Cells"));
    }

    [Fact]
    public async Task Samples_should_appear_as_the_job_makes_them()
    {
        var page = Show();
        page.WaitForAssertion(() => page.Find(".empty"));
        page.WaitForAssertion(() => page.FindAll(".empty button")[1].Click());
        page.WaitForAssertion(() => page.Find(".notice").TextContent.ShouldContain("Making the samples"));
        var entry = Cluster.Workspace.Entries.Single(one => one.Kind == EntryKind.Dataset);
        Cluster.Dataset(entry.Id).Images.Add(Some.Image(1));
        var job = Cluster.Job(page.FindComponent<Features.Datasets.Parts.SampleProgress>().Instance.Job.Value);

        await job.ChangeAsync(job.State! with { State = JobState.Running, Progress = new JobProgress { Step = 1, Steps = 24, Fraction = 1 / 24.0, Activity = "image 1 of 24" } });
        page.WaitForAssertion(() => page.FindAll(".tile").Count.ShouldBe(1));
        await job.ChangeAsync(job.State! with { State = JobState.Succeeded });

        page.WaitForAssertion(() => page.FindAll(".notice").ShouldBeEmpty());
    }

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll(".action-bar button").Single(button => button.TextContent.Trim() == text);

    private void Fill(int count)
    {
        Cluster.Workspace.Entries.Add(new WorkspaceEntry(EntryKind.Dataset, "ds-a", "A", "", default));
        Cluster.Dataset("ds-a").Images.AddRange(Enumerable.Range(1, count).Select(Some.Image));
    }

    private IRenderedComponent<IComponent> Show() => ShowPage<LibraryPage>();
}
