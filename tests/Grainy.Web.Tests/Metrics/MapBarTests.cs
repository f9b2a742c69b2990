using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Web.Features.Metrics;
using Grainy.Web.Shared.ImageViewer;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;
using static Grainy.Web.Tests.Metrics.SomeComparison;

namespace Grainy.Web.Tests.Metrics;

public sealed class MapBarTests : PageTest
{
    private static readonly string[] Metrics = ["psnr", "ms-ssim", "builtin"];

    private FakeComparison Comparison => Cluster.Comparison("cmp-1");

    [Fact]
    public async Task Map_should_lie_over_the_pictures_once_it_is_made_with_a_legend_in_words()
    {
        var snapshot = Fill(Comparison, 2, ComparisonLayout.Reference, Metrics);
        Comparison.Set(snapshot);
        var page = Show();

        page.WaitForAssertion(() => page.FindAll("#map-metric option").Select(option => option.GetAttribute("value")).ShouldBe(["", "psnr", "builtin"]));
        page.WaitForAssertion(() => page.Find("#map-metric").Change("builtin"));
        page.WaitForAssertion(() => page.Find(".map-bar [role=status]").TextContent.ShouldContain("making the map… 0 %"));
        await Comparison.ChangeAsync(snapshot with { Maps = [new(0, "builtin", JobState.Running, 0.4, null)] });
        page.WaitForAssertion(() => page.Find(".map-bar [role=status]").TextContent.ShouldContain("40 %"));
        Comparison.Maps[(0, "builtin")] = Made(Comparison.Maps[(0, "builtin")]);
        await Comparison.ChangeAsync(snapshot with { Maps = [new(0, "builtin", JobState.Succeeded, 1, null)] });

        page.WaitForAssertion(() => Overlay(page).ShouldNotBeNull().Url.ShouldStartWith("/api/v1/comparisons/cmp-1/maps/0/builtin/0.png?v="));
        page.Find(".map-reading").TextContent.ShouldContain("Dark: no difference. Bright: local distance of 0.5 or more (largest 0.9, mean 0.1).");
        page.WaitForAssertion(() => page.Find("#map-layer").Change("1"));
        page.WaitForAssertion(() => Overlay(page)!.Url.ShouldContain("/builtin/1.png"));
        page.WaitForAssertion(() => page.Find("#map-metric").Change(""));
        page.WaitForAssertion(() => Overlay(page).ShouldBeNull());
    }

    [Fact]
    public void Map_should_follow_the_pair_that_is_shown()
    {
        Comparison.Set(Fill(Comparison, 3, ComparisonLayout.Reference, Metrics));
        Comparison.Maps[(0, "psnr")] = Made(new ComparisonMap { Pair = 0, Metric = "psnr", Job = new JobId("job-1") });
        var page = Show();
        page.WaitForAssertion(() => page.Find("#map-metric").Change("psnr"));
        page.WaitForAssertion(() => Overlay(page)!.Url.ShouldContain("/maps/0/psnr/0.png"));

        page.WaitForAssertion(() => page.FindAll(".candidate")[1].Click());

        page.WaitForAssertion(() => Comparison.Maps.Keys.ShouldContain((1, "psnr")));
        Overlay(page).ShouldBeNull(); // the map of the other pair would be wrong here
    }

    [Fact]
    public void Map_layer_and_pair_should_be_in_the_address()
    {
        Comparison.Set(Fill(Comparison, 3, ComparisonLayout.Reference, Metrics));
        Comparison.Maps[(1, "builtin")] = Made(new ComparisonMap { Pair = 1, Metric = "builtin", Job = new JobId("job-1") });
        var navigation = Services.GetRequiredService<NavigationManager>();
        navigation.NavigateTo("/compare/cmp-1?room=room-1");
        var page = Show();
        page.WaitForAssertion(() => page.FindAll(".candidate")[1].Click());
        page.WaitForAssertion(() => page.Find("#map-metric").Change("builtin"));
        page.WaitForAssertion(() => page.Find("#map-layer").Change("1"));
        page.WaitForAssertion(() => new Uri(navigation.Uri).Query.ShouldBe("?room=room-1&pair=1&map=builtin&layer=1"));
    }

    [Fact]
    public void Map_layer_and_pair_should_come_back_after_a_reload()
    {
        Comparison.Set(Fill(Comparison, 3, ComparisonLayout.Reference, Metrics));
        Comparison.Maps[(1, "builtin")] = Made(new ComparisonMap { Pair = 1, Metric = "builtin", Job = new JobId("job-1") });
        Services.GetRequiredService<NavigationManager>().NavigateTo("/compare/cmp-1?map=builtin&layer=1&pair=1");

        var again = Show();

        again.WaitForAssertion(() => Overlay(again)!.Url.ShouldContain("/maps/1/builtin/1.png"));
        again.FindComponent<SplitViewer>().Instance.Right.Name.ShouldBe("c");
        again.Find("#map-metric").GetAttribute("value").ShouldBe("builtin");
    }

    [Fact]
    public async Task Failed_map_should_tell_why()
    {
        var snapshot = Fill(Comparison, 2, ComparisonLayout.Reference, Metrics);
        Comparison.Set(snapshot);
        var page = Show();
        page.WaitForAssertion(() => page.Find("#map-metric").Change("builtin"));
        page.WaitForAssertion(() => page.Find(".map-bar [role=status]"));

        Comparison.Maps[(0, "builtin")] = Comparison.Maps[(0, "builtin")] with { State = JobState.Failed, Problem = "The images are too small." };
        await Comparison.ChangeAsync(snapshot with { Maps = [new(0, "builtin", JobState.Failed, 0, "The images are too small.")] });

        page.WaitForAssertion(() => page.Find(".map-bar [role=alert]").TextContent.ShouldBe("The images are too small."));
    }

    private static ComparisonMap Made(ComparisonMap map) => map with
    {
        State = JobState.Succeeded,
        Layers = [new("sum", Some.Blob("sum.png"), Some.Blob("sum.npy"), 0.5, 0.9, 0.1), new("layer 0", Some.Blob("0.png"), Some.Blob("0.npy"), 0.2, 0.3, 0.05)],
    };

    private static MapOverlay? Overlay(IRenderedComponent<IComponent> page) => page.FindComponent<SplitViewer>().Instance.Map;

    private IRenderedComponent<IComponent> Show() => ShowPage<ComparisonPage>(parameters => parameters["Id"] = "cmp-1");
}
