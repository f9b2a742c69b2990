using Grainy.Core.Images;
using Grainy.Core.Training;

namespace Grainy.Core.Tests.Training.Methods;

public sealed class FrameWindowsTests
{
    [Fact]
    public void Few_frames_should_be_kept_whole()
    {
        var frame = ImageFixtures.Waves(1, 100, 120);
        var windows = new FrameWindows(10, frame);

        windows.Keep(frame, 3).ShouldBeSameAs(frame);
        (windows.Whole, windows.Every, windows.Note).ShouldBe((true, 1, null));
    }

    [Theory]
    [InlineData(10_000, 512, 1)]
    [InlineData(100_000, 512, 7)]
    public void Ten_thousand_frames_should_stay_within_the_memory(int frames, int side, int every)
    {
        var frame = new ImageBuffer(1, side, side, new float[side * side]);
        var windows = new FrameWindows(frames, frame);

        var kept = windows.Keep(frame, 0);

        windows.Every.ShouldBe(every);
        (frames / windows.Every * kept.Planes.LongLength).ShouldBeInRange(FrameWindows.DefaultSamples / 2, FrameWindows.DefaultSamples);
        kept.Width.ShouldBeGreaterThanOrEqualTo(96);
        windows.Note.ShouldNotBeNull().ShouldContain($"{kept.Width} × {kept.Height}");
    }

    [Fact]
    public void Frames_of_a_scene_should_keep_the_same_window_and_other_scenes_others()
    {
        var frame = ImageFixtures.Make(1, 512, 512, (_, y, x) => (y * 512) + x);
        var windows = new FrameWindows(10_000, frame);

        var corners = Enumerable.Range(0, 20).Select(scene => windows.Keep(frame, scene).Planes[0]).ToArray();

        windows.Keep(frame, 4).Planes.ShouldBe(windows.Keep(frame, 4).Planes);
        corners.Distinct().Count().ShouldBeGreaterThan(15);
        corners.ShouldAllBe(corner => (int)corner / 512 % 2 == 0 && (int)corner % 2 == 0); // cells of 2 × 2 stay together
    }
}
