using System.Security.Claims;
using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Web.Features.Sessions;
using Grainy.Web.Shared.ImageViewer;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Tests.Sessions;

public sealed class RoomPageTests : PageTest
{
    public RoomPageTests()
    {
        Cluster.Comparison("cmp-1").Set(new ComparisonSnapshot
        {
            Id = new ComparisonId("cmp-1"),
            Workspace = WorkspaceId.Main,
            Left = new ImageRef(new DatasetId("ds-a"), new ImageId("im-left")),
            Right = new ImageRef(new DatasetId("ds-a"), new ImageId("im-right")),
            LeftInfo = Some.Image("left"),
            RightInfo = Some.Image("right"),
        });
        Cluster.Session("se-1").Set(new SessionSnapshot
        {
            Id = new SessionId("se-1"),
            Workspace = WorkspaceId.Main,
            Subject = new SessionSubject(SubjectKind.Comparison, "cmp-1"),
        });
    }

    [Fact]
    public void Guests_should_see_the_comparison_as_members_of_the_room_and_change_nothing()
    {
        Person.SetClaims(new Claim(CallerClaims.Room, "se-1:m1"));

        var page = Show();

        page.WaitForAssertion(() => page.FindComponent<SplitViewer>().Instance.Room.ShouldBe(new SessionId("se-1")));
        page.FindComponent<SplitViewer>().Instance.Left.Small.ShouldStartWith("/api/v1/comparisons/cmp-1/images/0/1024.png");
        page.FindAll("button.danger").ShouldBeEmpty();
        Cluster.Callers.Distinct().ShouldBe(["guest:se-1:m1"]);
    }

    [Fact]
    public void Members_should_be_able_to_end_the_room_and_all_should_see_it()
    {
        var page = Show();
        page.WaitForAssertion(() => page.Find("button.danger"));

        page.WaitForAssertion(() => page.Find("button.danger").Click());

        page.WaitForAssertion(() => page.Find(".empty h2").TextContent.ShouldBe("This room has ended"));
    }

    [Fact]
    public void Page_should_say_so_when_the_grain_refuses()
    {
        Cluster.Session("se-1").Refused.Add("user:u1");

        var page = Show();

        page.WaitForAssertion(() => page.Find(".failed p").TextContent.ShouldBe("You may not see this; ask its owner."));
        page.FindComponents<SplitViewer>().ShouldBeEmpty();
    }

    private IRenderedComponent<IComponent> Show() => ShowPage<RoomPage>(parameters => parameters["Id"] = "se-1");
}
