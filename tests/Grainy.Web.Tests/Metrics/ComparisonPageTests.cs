using Bunit;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Web.Features.Metrics;
using Grainy.Web.Shared.ImageViewer;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;
using static Grainy.Web.Tests.Metrics.SomeComparison;

namespace Grainy.Web.Tests.Metrics;

public sealed class ComparisonPageTests : PageTest
{
    private static readonly string[] Two = ["psnr", "elpips-squeeze"];

    private FakeComparison Comparison => Cluster.Comparison("cmp-1");

    [Fact]
    public async Task Page_should_show_values_with_their_doubt_as_they_come()
    {
        Comparison.Set(Fill(Comparison, 2, ComparisonLayout.Reference, Two) with { JobState = JobState.Running });
        var page = Show();
        page.WaitForAssertion(() => page.FindAll("td.value").Select(cell => cell.TextContent.Trim()).ShouldBe(["waiting", "waiting"]));
        page.Find("[role=status].chip").TextContent.ShouldBe("measuring…");

        await Comparison.ChangeAsync(Change(Comparison, Cell(0, "psnr", 28.1234), Cell(0, "elpips-squeeze", 0.01654, 0.00041)) with { JobState = JobState.Succeeded });

        page.WaitForAssertion(() => page.FindAll("td.value").Select(cell => cell.TextContent.Trim()).ShouldBe(["28.12 dB", "0.01654 ± 0.00041"]));
        page.FindAll(".scores code")[1].TextContent.ShouldBe("elpips-squeeze fingerprint · seed 1");
        page.FindAll("[role=status].chip").ShouldBeEmpty();
    }

    [Fact]
    public void Failed_values_should_tell_why_and_be_measured_again_on_request()
    {
        Comparison.Set(Fill(
            Comparison, 2, ComparisonLayout.Reference, Two, Cell(0, "psnr", 20),
            new ComparisonCell { Pair = 0, Metric = "elpips-squeeze", State = CellState.Failed, Problem = "The weights are missing; import them." }));
        var page = Show();

        page.WaitForAssertion(() => page.Find(".scores .cell-problem").TextContent.ShouldBe("The weights are missing; import them."));
        page.WaitForAssertion(() => Button(page, "Measure the rest").Click());

        page.WaitForAssertion(() => Comparison.Measurements.ShouldBe(1));
    }

    [Fact]
    public void Refine_should_be_offered_for_estimates_alone_and_say_why_not_for_others()
    {
        Comparison.Set(Fill(Comparison, 2, ComparisonLayout.Reference, Two, Cell(0, "psnr", 20), Cell(0, "elpips-squeeze", 0.1, 0.01)));
        var page = Show();

        page.WaitForAssertion(() => page.FindAll(".cell-actions button").Count.ShouldBe(2));
        page.FindAll(".cell-actions button")[0].HasAttribute("disabled").ShouldBeTrue();
        page.FindAll(".cell-actions button")[0].GetAttribute("title").ShouldBe("exact: there is nothing to refine");
        page.WaitForAssertion(() => page.FindAll(".cell-actions button")[1].Click());

        page.WaitForAssertion(() => Comparison.Refinements.ShouldBe([("elpips-squeeze", null)]));
    }

    [Fact]
    public void Several_images_should_stand_in_a_table_with_the_best_marked_and_the_disagreement_in_words()
    {
        Comparison.Set(Fill(
            Comparison, 3, ComparisonLayout.Reference, Two,
            Cell(0, "psnr", 30), Cell(1, "psnr", 25), Cell(0, "elpips-squeeze", 0.4, 0.01), Cell(1, "elpips-squeeze", 0.1, 0.01)));
        var page = Show();

        page.WaitForAssertion(() => page.FindAll(".scores.set tbody tr").Count.ShouldBe(2));
        page.FindAll("tbody tr")[0].QuerySelectorAll("td")[0].TextContent.ShouldContain("best");
        page.FindAll("tbody tr")[1].QuerySelectorAll("td")[1].TextContent.ShouldContain("best");
        page.FindAll(".best").Count.ShouldBe(2);
        page.Find(".verdicts .disagree").TextContent.ShouldContain("The metrics disagree: PSNR puts “b” first; E-LPIPS (SqueezeNet) puts “c” first.");
    }

    [Fact]
    public void Table_should_be_sorted_by_a_column_with_the_closest_on_top_and_turned_by_a_second_click()
    {
        Comparison.Set(Fill(Comparison, 4, ComparisonLayout.Reference, ["psnr"], Cell(0, "psnr", 20), Cell(1, "psnr", 30)));
        var page = Show();
        page.WaitForAssertion(() => page.FindAll("thead .sort").Count.ShouldBe(2));

        page.WaitForAssertion(() => page.FindAll("thead .sort")[1].Click());
        page.WaitForAssertion(() => Rows(page).ShouldBe(["c", "b", "d"])); // without a value: last
        page.FindAll("thead th")[1].GetAttribute("aria-sort").ShouldBe("descending");
        page.WaitForAssertion(() => page.FindAll("thead .sort")[1].Click());

        page.WaitForAssertion(() => Rows(page).ShouldBe(["b", "c", "d"]));
    }

    [Fact]
    public void Choosing_an_image_should_put_it_beside_the_reference()
    {
        Comparison.Set(Fill(Comparison, 3, ComparisonLayout.Reference, ["psnr"], Cell(0, "psnr", 20), Cell(1, "psnr", 30)));
        var page = Show();

        page.WaitForAssertion(() => page.FindAll(".candidate")[1].Click());

        page.WaitForAssertion(() => page.FindComponent<SplitViewer>().Instance.Right.Name.ShouldBe("c"));
        page.FindComponent<SplitViewer>().Instance.Left.Name.ShouldBe("a");
        page.FindComponent<SplitViewer>().Instance.Right.Small.ShouldStartWith("/api/v1/comparisons/cmp-1/images/2/1024.png?v=");
    }

    [Fact]
    public void All_pairs_should_be_numbers_in_a_matrix_that_mirrors_itself()
    {
        Comparison.Set(Fill(Comparison, 3, ComparisonLayout.Matrix, ["psnr"], Cell(0, "psnr", 20), Cell(1, "psnr", 30), Cell(2, "psnr", 25)));
        var page = Show();

        page.WaitForAssertion(() => page.FindAll(".matrix tbody tr").Count.ShouldBe(3));
        page.FindAll(".matrix-cell").Select(cell => cell.QuerySelector("span")!.TextContent).ShouldBe(["20.00 dB", "30.00 dB", "20.00 dB", "25.00 dB", "30.00 dB", "25.00 dB"]);
        page.Markup.ShouldNotContain("Bars begin at zero");
        page.FindAll(".matrix-cell .best").Count.ShouldBe(2); // the closest pair, seen from both
        page.WaitForAssertion(() => page.FindAll(".matrix-cell")[3].Click());
        page.WaitForAssertion(() => page.Find("h1").TextContent.ShouldBe("b | c"));
    }

    [Fact]
    public void Progress_should_tell_the_time_left_and_stop_on_request()
    {
        Comparison.Set(Fill(Comparison, 2, ComparisonLayout.Reference, Two) with
        {
            JobState = JobState.Running,
            Progress = new JobProgress { Fraction = 0.25, Activity = "measuring ssim, 2 of 8 values", EtaSeconds = 75 },
        });
        var page = Show();

        page.WaitForAssertion(() => page.Find(".measure-progress").TextContent.ShouldContain("measuring ssim, 2 of 8 values · about 1 min 15 s left"));
        page.Find("[role=progressbar]").GetAttribute("aria-valuenow").ShouldBe("25");
        page.WaitForAssertion(() => Button(page, "Stop").Click());

        page.WaitForAssertion(() => Comparison.Cancelled.ShouldBeTrue());
    }

    [Fact]
    public async Task Cells_should_be_read_anew_when_the_comparison_begins_another_life()
    {
        Comparison.Set(Fill(Comparison, 2, ComparisonLayout.Reference, ["psnr"], Cell(0, "psnr", 20)) with { Revision = 900 });
        var page = Show();
        page.WaitForAssertion(() => page.Find("td.value").TextContent.Trim().ShouldBe("20.00 dB"));

        Comparison.Epoch = Guid.NewGuid();
        var changed = Fill(Comparison, 2, ComparisonLayout.Reference, ["psnr"], Cell(0, "psnr", 40));
        await Comparison.ChangeAsync(changed);

        page.WaitForAssertion(() => page.Find("td.value").TextContent.Trim().ShouldBe("40.00 dB"));
    }

    [Fact]
    public void Share_should_open_a_room_and_show_its_link_once()
    {
        Comparison.Set(Fill(Comparison, 2, ComparisonLayout.Reference, Two));
        var page = Show();
        page.WaitForAssertion(() => page.Find(".page-head .btn.primary"));

        page.WaitForAssertion(() => page.Find(".page-head .btn.primary").Click());
        page.WaitForAssertion(() => page.FindAll("input[type=radio]").Count.ShouldBe(3));
        page.WaitForAssertion(() => page.FindAll("input[type=radio]")[1].Change("on"));
        page.WaitForAssertion(() => page.FindAll(".mud-dialog button").Single(button => button.TextContent == "Make the link").Click());

        page.WaitForAssertion(() => page.Find("#share-link"));
        var link = new Uri(page.Find("#share-link").GetAttribute("value")!);
        var session = link.AbsolutePath["/live/".Length..].Split('.')[0];
        link.AbsolutePath.ShouldEndWith(".secret-of-the-link");
        Cluster.Session(session).Opened.ShouldBe((new SessionSubject(SubjectKind.Comparison, "cmp-1"), TimeSpan.FromDays(1)));
    }

    private static string[] Rows(IRenderedComponent<IComponent> page) => [.. page.FindAll(".candidate span").Select(name => name.TextContent)];

    private static AngleSharp.Dom.IElement Button(IRenderedComponent<IComponent> page, string text) =>
        page.FindAll(".scores-panel button").Single(button => button.TextContent.Trim() == text);

    private IRenderedComponent<IComponent> Show() => ShowPage<ComparisonPage>(parameters => parameters["Id"] = "cmp-1");
}
