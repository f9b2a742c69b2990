using Grainy.Core.Blending;

namespace Grainy.Core.Tests.Blending;

public sealed class BlendTargetTests
{
    [Fact]
    public void Triangle_should_hold_every_mixture_once_and_the_images_at_its_corners()
    {
        var frames = BlendLattice.Triangle(3);

        frames.Count.ShouldBe(10);
        frames.Select(frame => frame.Index).ShouldBe(Enumerable.Range(0, 10));
        frames.ShouldAllBe(frame => Math.Abs(frame.Weights.Sum() - 1) < 1e-12);
        frames.Select(frame => string.Join('/', frame.Weights.Select(weight => Math.Round(3 * weight)))).Distinct().Count().ShouldBe(10);
        frames.Where(frame => frame.Corner >= 0).Select(frame => (frame.Index, frame.Corner)).ShouldBe([(0, 0), (6, 1), (9, 2)]);
        BlendLattice.IsLine(frames).ShouldBeFalse();
        BlendLattice.IsLine(BlendLattice.Line(5)).ShouldBeTrue();
    }

    [Fact]
    public void Options_should_refuse_what_cannot_be_computed()
    {
        void Refused(BlendOptions options, int images, string sentence) =>
            Should.Throw<ArgumentOutOfRangeException>(() => options.Validated(images)).Message.ShouldStartWith(sentence);

        Refused(new BlendOptions(), 9, "A blend is made of 2 to 8 images.");
        Refused(new BlendOptions { Frames = BlendLattice.Triangle(2), Path = "geodesic" }, 3, "A geodesic needs two images");
        Refused(new BlendOptions { Path = "geodesic", Reference = true }, 2, "The published procedure makes averages");
        Refused(new BlendOptions { Frames = [new BlendTarget(0, [0.5, 0.6])] }, 2, "The weights of a frame of 2 images");
        Refused(new BlendOptions { Frames = [new BlendTarget(1, [0.5, 0.5]), new BlendTarget(1, [1, 0])] }, 2, "Every frame of a blend needs a number of its own.");
        Refused(new BlendOptions { Frames = [new BlendTarget(0, [0.5, 0.5])], Spacing = "even" }, 2, "Even spacing needs two images and frames in a line");
        Refused(new BlendOptions { Reference = true, Spacing = "even" }, 2, "The published procedure makes averages by weights");
        Refused(new BlendOptions { Frames = BlendLattice.Line(33), Size = 2048, Spacing = "even" }, 2, "So many frames of this size cannot be spaced evenly");
        Refused(new BlendOptions { Spacing = "equal" }, 2, "The spacing of a chain is 'even' or 'weights'.");
        Refused(new BlendOptions { Size = 4096 }, 2, "The longer side of a blend is 64 to 2,048 pixels.");
    }

    [Fact]
    public void Spacing_should_tell_evenness_and_places()
    {
        var spacing = new BlendSpacing([1, 2, 1], [0, 0, 0], 3);

        spacing.Evenness.ShouldBe(0.5);
        spacing.PathEnergy.ShouldBe(6);
        spacing.Places.ShouldBe([0, 0.25, 0.75, 1]);
    }

    [Fact]
    public void Spacing_should_tell_at_which_weights_frames_would_be_evenly_spaced()
    {
        // Half of the way lies between the first two frames, a quarter between each of the others.
        var spacing = new BlendSpacing([2, 1, 1], [0, 0, 0], 3);

        spacing.EvenWeights([0, 0.3, 0.6, 1]).Zip([0, 0.2, 0.5, 1]).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-12);
        Should.Throw<ArgumentException>(() => spacing.EvenWeights([0, 1])).Message.ShouldStartWith("3 distances lie between 4 frames, not between 2.");
    }
}
