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
        Images = [new ImageRef(new DatasetId("ds-a"), new ImageId("im-left")), new ImageRef(new DatasetId("ds-a"), new ImageId("im-right"))],
        Infos = [Some.Image("left"), Some.Image("right")],
        Settings = new BlendSettings { Frames = 5 },
        Targets = BlendTargets.Of(2, new BlendSettings { Frames = 5 }),
        Metric = "elpips-builtin",
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
        page.Markup.ShouldContain("Values appear with the first computed frame.");
        page.Find(".blend-facts").TextContent.ShouldBe("Perceptual ensemble (built-in) · chain of barycentres · longer side 256 px · at most 480 steps per frame · seed 1");

        await blend.ChangeAsync(Started with
        {
            Frames = [Frame(0, final: true), Frame(1, final: false), Frame(2, final: true), Frame(4, final: true)],
            Progress = new JobProgress { Fraction = 0.4, EtaSeconds = 61 },
        });

        page.WaitForAssertion(() => page.Find(".page-head [role=status]").TextContent.ShouldBe("1 of 3 frames computed · 1 min 1 s left"));
        var scene = page.FindComponent<BlendViewer>().Instance.Scene;
        scene.Frames.Select(frame => (frame.Index, frame.Final)).ShouldBe([(0, true), (1, false), (2, true), (4, true)]);
        scene.Parts.ShouldBe(4);
        scene.Frames[1].Url.ShouldBe($"/api/v1/blends/bl-1/frames/1/{Some.Blob("frame 1 False").Sha256}.png");
        page.FindAll(".panel svg .curve").Count.ShouldBe(2);
        page.FindAll(".panel svg .error").Count.ShouldBe(1);
        page.Find(".frame-list td").TextContent.ShouldBe("10.000 ± 0.500");
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
        page.Find(".page-head a.btn").GetAttribute("href").ShouldBe("/blend/new?from=bl-1");
    }

    [Fact]
    public void Evenly_spaced_frames_should_be_told_with_what_they_were_before_and_the_slider_follow_them()
    {
        var blend = Cluster.Blend("bl-1");
        var even = Started with { Settings = Started.Settings with { Spacing = FrameSpacing.Even }, JobState = JobState.Succeeded, Frames = [.. Enumerable.Range(0, 5).Select(i => Frame(i, final: true))] };
        blend.Set(even);
        var page = Show();
        page.WaitForAssertion(() => Buttons(page).ShouldContain("Space the frames evenly"));
        page.FindComponent<BlendViewer>().Instance.Scene.Axis.ShouldBeNull();

        double[] weights = [0, 0.1, 0.2, 0.6, 1];
        _ = blend.ChangeAsync(even with
        {
            Targets = [.. weights.Select((weight, i) => new BlendTarget(i, [1 - weight, weight]))],
            SpacingBefore = new ChainSpacing([0.04, 0.01, 0.01, 0.04], [0, 0, 0, 0], 0.1),
            Spacing = new ChainSpacing([0.02, 0.02, 0.025, 0.02], [0.001, 0.001, 0.001, 0.001], 0.1),
        });

        page.WaitForAssertion(() => page.Markup.ShouldContain("0.0200 to 0.0250 apart, the two images 0.1000. Evenness 0.80, where 1 is perfectly even; by weight it was 0.25."));
        page.FindAll(".spacing-chart .column").Count.ShouldBe(4);
        Buttons(page).ShouldNotContain("Space the frames evenly");
        var axis = page.FindComponent<BlendViewer>().Instance.Scene.Axis.ShouldNotBeNull();
        axis.Select(point => point[0]).ShouldBe(weights);
        axis.Select(point => point[1]).ShouldBe([0, 20 / 85.0, 40 / 85.0, 65 / 85.0, 1], 1e-9);
    }

    [Fact]
    public void Energy_of_a_geodesic_should_be_told_as_that_of_the_path_and_not_of_its_frames()
    {
        Cluster.Blend("bl-1").Set(Started with { Settings = Started.Settings with { Path = BlendPath.Geodesic }, Frames = [.. Enumerable.Range(0, 5).Select(i => Frame(i, final: true))] });

        var page = Show();

        page.WaitForAssertion(() => page.Find(".path-energy").TextContent.ShouldBe("10.000 ± 0.500 after 0 steps; a path of pixel mixes has 20.000, so this one has 50 % of it"));
        page.Markup.ShouldContain("Energy of the path");
        page.Markup.ShouldNotContain("Distance to the images");
        page.FindAll(".panel svg .curve").ShouldBeEmpty();
        page.FindAll(".frame-list").ShouldBeEmpty();
    }

    [Fact]
    public void Energy_should_have_one_unit_on_the_whole_page()
    {
        Cluster.Blend("bl-1").Set(Started with
        {
            Frames = [Frame(0, final: true), Frame(2, final: true), Frame(4, final: true)],
            Progress = new JobProgress { Activity = "1 of 3 frames", Loss = 0.0123456 },
        });

        var page = Show();

        page.WaitForAssertion(() => page.Find(".blend-activity").TextContent.ShouldBe("1 of 3 frames · energy × 1000: 12.346"));
        page.Find(".frame-list td").TextContent.ShouldBe("10.000 ± 0.500");
    }

    [Fact]
    public void Frames_that_are_refined_should_still_count_as_computed()
    {
        var targets = Started.Targets.Select(target => target with { Steps = target.Index is 1 or 2 ? 720 : 0 });
        Cluster.Blend("bl-1").Set(Started with { Targets = [.. targets], Frames = [.. Enumerable.Range(0, 4).Select(i => Frame(i, final: true) with { Steps = 480 })] });

        var page = Show();

        page.WaitForAssertion(() => page.Find(".page-head [role=status]").TextContent.ShouldBe("3 of 3 frames computed · 2 frames with more steps to do"));
    }

    [Fact]
    public void Frames_that_could_not_be_moved_evenly_should_not_be_called_even()
    {
        Cluster.Blend("bl-1").Set(Started with
        {
            Frames = [.. Enumerable.Range(0, 5).Select(i => Frame(i, final: true))],
            SpacingBefore = new ChainSpacing([0.04, 0.01, 0.01, 0.04], [0, 0, 0, 0], 0.1),
            Spacing = new ChainSpacing([0.02, 0.01, 0.025, 0.02], [0, 0, 0, 0], 0.1),
        });

        var page = Show();

        page.WaitForAssertion(() => page.Markup.ShouldContain("Evenness 0.40, where 1 is perfectly even; by weight it was 0.25. Moving them further did not help"));
    }

    [Fact]
    public void More_steps_should_be_asked_for_one_frame_or_for_all()
    {
        var blend = Cluster.Blend("bl-1");
        blend.Set(Started with { Frames = [Frame(0, final: true), Frame(2, final: true), Frame(4, final: true)] });
        var page = Show();

        page.WaitForAssertion(() => page.Find(".frame-list button").Click());
        page.WaitForAssertion(() => page.FindAll(".panel > .btn").Single(button => button.TextContent == "240 more steps for all").Click());

        blend.Extended.ShouldBe([(2, 240), (null, 240)]);
    }

    [Fact]
    public void Exports_should_be_offered_as_far_as_they_can_be_made_and_say_why_where_not()
    {
        var blend = Cluster.Blend("bl-1");
        blend.Set(Started);
        var page = Show();

        page.WaitForAssertion(() => Exports(page).ShouldBe([("PNG frames (zip)", true), ("Animated WebP", false), ("GIF", false), ("MP4", false)]));
        _ = blend.ChangeAsync(Started with { Frames = [Frame(0, final: true), Frame(2, final: true), Frame(4, final: true)] });

        page.WaitForAssertion(() => Exports(page).ShouldBe([("PNG frames (zip)", true), ("Animated WebP", true), ("GIF", true), ("MP4", false)]));
        page.Markup.ShouldContain("MP4: This server has no ffmpeg");
    }

    [Theory]
    [InlineData(2, "[data-part=slider]")]
    [InlineData(3, "[data-part=pad]")]
    [InlineData(4, "[data-part=chips]")]
    public void Viewer_should_have_the_control_that_fits_the_number_of_images(int count, string control)
    {
        var infos = Enumerable.Range(1, count).Select(Some.Image).ToArray();
        Cluster.Blend("bl-1").Set(Started with { Infos = infos, Targets = BlendTargets.Of(count, Started.Settings), Frames = [] });

        var page = Show();

        page.WaitForAssertion(() => page.Find(control));
        page.FindAll("[data-number]").Count.ShouldBe(count == 2 ? 1 : count);
    }

    private static (string Name, bool Offered)[] Exports(IRenderedComponent<IComponent> page) =>
        [.. page.FindAll("a[download]").Select(link => (link.TextContent, link.HasAttribute("href")))];

    private static string[] Buttons(IRenderedComponent<IComponent> page) => [.. page.FindAll(".page-head button").Select(button => button.TextContent)];

    private static BlendFrame Frame(int index, bool final)
    {
        var end = index is 0 or 4;
        return new(index, index / 4.0, end ? 0 : 0.01, end ? 0 : 0.02, Some.Blob($"frame {index} {final}"), Some.Blob("pixels"), final, [1 - (index / 4.0), index / 4.0], end ? 0 : 0.0005);
    }

    private IRenderedComponent<IComponent> Show() => ShowPage<BlendPage>(parameters => parameters["Id"] = "bl-1");
}
