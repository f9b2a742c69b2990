using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Web.Features.Metrics;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Tests.Metrics;

public sealed class ComparisonPageTests : PageTest
{
    private static readonly ComparisonSnapshot Empty = new()
    {
        Id = new ComparisonId("cmp-1"),
        Workspace = WorkspaceId.Main,
        Left = new ImageRef(new DatasetId("ds-a"), new ImageId("im-left")),
        Right = new ImageRef(new DatasetId("ds-a"), new ImageId("im-right")),
        LeftInfo = Some.Image("left"),
        RightInfo = Some.Image("right"),
    };

    [Fact]
    public async Task Page_should_show_values_with_their_doubt_as_they_come()
    {
        var comparison = Cluster.Comparison("cmp-1");
        comparison.Set(Empty with { JobState = JobState.Running });
        var page = Show();
        page.WaitForAssertion(() => page.Find(".scores").TextContent.ShouldContain("The first values come in a moment."));
        page.Find("[role=status].chip").TextContent.ShouldBe("measuring…");

        await comparison.ChangeAsync(Empty with
        {
            JobState = JobState.Succeeded,
            Scores =
            [
                new("psnr", 28.1234, null, 1, 0, "psnr range [0,1]", true),
                new("elpips-squeeze", 0.01654, 0.00041, 200, 1, "elpips squeeze 1.1 sha256:ab", true),
            ],
        });

        page.WaitForAssertion(() => page.FindAll("td.value").Select(cell => cell.TextContent.Trim()).ShouldBe(["28.12 dB", "0.01654 ± 0.00041"]));
        page.FindAll(".scores code")[1].TextContent.ShouldBe("elpips squeeze 1.1 sha256:ab · seed 1");
        page.FindAll("[role=status].chip").ShouldBeEmpty();
    }

    [Fact]
    public void Measure_again_should_ask_the_grain()
    {
        var comparison = Cluster.Comparison("cmp-1");
        comparison.Set(Empty with { JobState = JobState.Failed, Problem = "The device is gone; measure again." });
        var page = Show();
        page.WaitForAssertion(() => page.Find(".notice.bad"));

        page.WaitForAssertion(() => page.FindAll(".scores-panel button").Single().Click());

        page.WaitForAssertion(() => comparison.Measurements.ShouldBe(1));
    }

    [Fact]
    public void Share_should_open_a_room_and_show_its_link_once()
    {
        Cluster.Comparison("cmp-1").Set(Empty);
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

    private IRenderedComponent<IComponent> Show() => ShowPage<ComparisonPage>(parameters => parameters["Id"] = "cmp-1");
}
