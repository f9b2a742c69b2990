using Bunit;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Web.Features.Blending;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace Grainy.Web.Tests.Blending;

public sealed class NewBlendPageTests : PageTest
{
    [Fact]
    public void Chosen_images_and_settings_should_become_the_plan_of_a_blend()
    {
        Fill(Some.Image("a"), Some.Image("b"));
        var page = Show("ds-a.im-a,ds-a.im-b");

        page.WaitForAssertion(() => page.FindAll("input[name=spacing]").Count.ShouldBe(2));
        page.WaitForAssertion(() => page.FindAll("input[name=path]")[1].Change(true));
        page.FindAll("input[name=spacing]").ShouldBeEmpty(); // a geodesic spaces its frames by itself
        page.Find("#metric").Change("l2");
        page.Find("#size").Change("512");
        page.WaitForAssertion(() => page.Find(".btn.big").Click());

        var plan = PlanOf(page);
        plan.Images.Select(image => image.Image.Value).ShouldBe(["im-a", "im-b"]);
        (plan.Settings.Path, plan.Settings.Metric, plan.Settings.Size, plan.Fitting).ShouldBe((BlendPath.Geodesic, "l2", 512, ImageFitting.None));
    }

    [Theory]
    [InlineData(0, FrameSpacing.Even)]
    [InlineData(1, FrameSpacing.Weights)]
    public void Chain_should_be_spaced_evenly_unless_something_else_is_chosen(int choice, FrameSpacing spacing)
    {
        Fill(Some.Image("a"), Some.Image("b"));
        var page = Show("ds-a.im-a,ds-a.im-b");

        page.WaitForAssertion(() => page.FindAll("input[name=spacing]")[0].HasAttribute("checked").ShouldBeTrue());
        page.WaitForAssertion(() => page.FindAll("input[name=spacing]")[choice].Change(true));
        page.WaitForAssertion(() => page.Find(".btn.big").Click());

        PlanOf(page).Settings.Spacing.ShouldBe(spacing);
    }

    [Fact]
    public void So_many_large_frames_that_they_cannot_be_spaced_evenly_should_be_told_before_the_start()
    {
        Fill(Some.Image("a"), Some.Image("b"));
        var page = Show("ds-a.im-a,ds-a.im-b");

        page.WaitForAssertion(() => page.Find("#size").Change("2048"));
        page.Find("#frames").Change("33");

        page.WaitForAssertion(() => page.Find("[role=alert]").TextContent.ShouldStartWith("So many frames of this size cannot be spaced evenly"));
        page.WaitForAssertion(() => page.FindAll("input[name=spacing]")[1].Change(true));
        page.WaitForAssertion(() => page.Find(".btn.big").HasAttribute("disabled").ShouldBeFalse());
    }

    [Fact]
    public void Images_of_different_size_should_show_how_they_can_be_made_to_fit_before_and_after()
    {
        Fill(Some.Image("a"), Some.Image("b") with { Width = 600 });
        Cluster.BlendInputs.Report = new(false, false, ["The images differ in size (640 × 480, 600 × 480)."], ImageFitting.Crop);
        var page = Show("ds-a.im-a,ds-a.im-b");

        page.WaitForAssertion(() => page.Find(".fitting").TextContent.ShouldContain("differ in size"));
        page.FindAll("input[name=fitting]").Count(choice => choice.HasAttribute("checked")).ShouldBe(1);
        page.WaitForAssertion(() => page.FindAll(".fitting-after img").Count.ShouldBe(2));
        page.Find(".fitting-after img").GetAttribute("src")!.ShouldStartWith("/api/v1/blend-inputs/crop/0/320.png?images=ds-a.im-a,ds-a.im-b");
        page.WaitForAssertion(() => page.Find(".btn.big").Click());

        PlanOf(page).Fitting.ShouldBe(ImageFitting.Crop);
    }

    [Fact]
    public void Start_should_wait_for_numbers_that_make_sense()
    {
        Fill(Some.Image("a"), Some.Image("b"));
        var page = Show("ds-a.im-a,ds-a.im-b");

        page.WaitForAssertion(() => page.Find("#steps").Input("3"));

        page.Find("[role=alert]").TextContent.ShouldBe("A frame takes 10 to 20,000 steps; type a whole number in between.");
        page.Find(".btn.big").HasAttribute("disabled").ShouldBeTrue();
    }

    [Fact]
    public void Page_should_say_what_to_do_when_nothing_is_chosen() => Show(null).Find(".empty a.btn").GetAttribute("href").ShouldBe("/library");

    private void Fill(params ImageInfo[] images) => Cluster.Dataset("ds-a").Images.AddRange(images);

    private BlendPlan PlanOf(IRenderedComponent<IComponent> page)
    {
        var address = "";
        page.WaitForAssertion(() => (address = new Uri(Services.GetRequiredService<NavigationManager>().Uri).AbsolutePath).ShouldStartWith("/blend/bl-"));
        return Cluster.Blend(address["/blend/".Length..]).Plan.ShouldNotBeNull();
    }

    private IRenderedComponent<IComponent> Show(string? images)
    {
        Services.GetRequiredService<NavigationManager>().NavigateTo(images is null ? "/blend/new" : $"/blend/new?images={images}");
        return ShowPage<NewBlendPage>();
    }
}
