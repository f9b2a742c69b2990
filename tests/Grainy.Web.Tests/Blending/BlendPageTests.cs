using Bunit;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Web.Features.Blending;
using Grainy.Web.Shared.ImageViewer;
using Grainy.Web.Tests.Fakes;
using Microsoft.AspNetCore.Components;

namespace Grainy.Web.Tests.Blending;

public sealed class BlendPageTests : PageTest
{
    private static readonly BlendSnapshot Started = new()
    {
        Id = new BlendId("bl-1"),
        Workspace = WorkspaceId.Main,
        Left = new ImageRef(new DatasetId("ds-a"), new ImageId("im-left")),
        Right = new ImageRef(new DatasetId("ds-a"), new ImageId("im-right")),
        LeftInfo = Some.Image("left"),
        RightInfo = Some.Image("right"),
        Settings = new BlendSettings { Frames = 5 },
        JobState = JobState.Running,
        Frames = [Frame(0, final: true), Frame(4, final: true)],
    };

    [Fact]
    public async Task Page_should_show_frames_as_they_are_computed()
    {
        var blend = Cluster.Blend("bl-1");
        blend.Set(Started);
        var page = Show();
        page.WaitForAssertion(() => page.Find(".page-head [role=status]").TextContent.ShouldBe("0 of 3 frames computed"));
        page.Markup.ShouldContain("The curve appears with the first computed frame.");

        await blend.ChangeAsync(Started with
        {
            Frames = [Frame(0, final: true), Frame(1, final: false), Frame(2, final: true), Frame(4, final: true)],
            Progress = new JobProgress { Fraction = 0.4, EtaSeconds = 61 },
        });

        page.WaitForAssertion(() => page.Find(".page-head [role=status]").TextContent.ShouldBe("1 of 3 frames computed · 1 min 1 s left"));
        var viewer = page.FindComponent<BlendViewer>().Instance;
        viewer.Frames.Select(frame => (frame.Index, frame.Final)).ShouldBe([(0, true), (1, false), (2, true), (4, true)]);
        viewer.Frames[1].Url.ShouldBe($"/api/v1/blends/bl-1/frames/1/{Some.Blob("frame 1 False").Sha256}.png");
        page.FindAll("svg .curve").Count.ShouldBe(2);
    }

    [Fact]
    public void Stop_should_ask_the_grain_and_Compute_should_be_offered_while_frames_are_missing()
    {
        var blend = Cluster.Blend("bl-1");
        blend.Set(Started);
        var page = Show();
        page.WaitForAssertion(() => Buttons(page).ShouldContain("Stop"));

        page.WaitForAssertion(() => page.FindAll(".page-head button").Single(button => button.TextContent == "Stop").Click());
        blend.Stopped.ShouldBeTrue();
        _ = blend.ChangeAsync(Started with { JobState = JobState.Cancelled });

        page.WaitForAssertion(() => Buttons(page).ShouldBe(["Compute the rest", "Share live"]));
    }

    [Fact]
    public void State_should_keep_its_list_of_pictures_while_no_picture_changes()
    {
        var state = new BlendState(Grains, new BlendId("bl-1"));
        state.Take(Started);
        var pictures = state.Pictures;

        state.Take(Started with { Progress = new JobProgress { Fraction = 0.5 } });

        state.Pictures.ShouldBeSameAs(pictures);
    }

    private static string[] Buttons(IRenderedComponent<IComponent> page) => [.. page.FindAll(".page-head button").Select(button => button.TextContent)];

    private static BlendFrame Frame(int index, bool final)
    {
        var end = index is 0 or 4;
        return new(index, index / 4.0, end ? 0 : 0.01, end ? 0 : 0.02, Some.Blob($"frame {index} {final}"), Some.Blob("pixels"), final);
    }

    private IRenderedComponent<IComponent> Show() => ShowPage<BlendPage>(parameters => parameters["Id"] = "bl-1");
}
