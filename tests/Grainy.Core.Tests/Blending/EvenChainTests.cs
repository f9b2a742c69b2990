using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Tests.Metrics;

namespace Grainy.Core.Tests.Blending;

[LeavesNoTensors]
public sealed class EvenChainTests
{
    private static readonly ImageBuffer[] Images = [ImageFixtures.Waves(3, 64, 64), ReferenceImages.Synthetic(7, 13, 29, 0, 64, 64)];

    [Fact]
    public void Frames_should_be_moved_until_neighbours_are_equally_far_apart()
    {
        // Under squared error the distance grows with the weight, so that the right weights are known.
        var steps = Run(new BlendOptions { Frames = Line(0, 0.1, 0.2, 1), Metric = "l2", StepsPerFrame = 30, Spacing = "even" });

        var final = steps.Where(step => step is { FrameFinal: true, Picture: not null }).ToArray();
        final.Select(step => step.Frame).ShouldBe([0, 3, 1, 2]);
        final[2].Weights[1].ShouldBe(1 / 3.0, 0.01);
        final[3].Weights[1].ShouldBe(2 / 3.0, 0.01);
        final[2].Picture!.Planes.Zip(PixelMix.Of(Images, final[2].Weights).Planes).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-3f);
        var last = steps[^1];
        last.SpacingBefore.ShouldNotBeNull().Evenness.ShouldBe(0.125, 0.005);
        last.Spacing.ShouldNotBeNull().Evenness.ShouldBeGreaterThan(0.97);
        steps.Count(step => step.Spacing is not null).ShouldBe(1);
        steps.Where(step => step.Frame is 1 or 2).SkipLast(3).ShouldAllBe(step => !step.FrameFinal);
        // The first picture comes as early as without moving.
        steps.First(step => step is { Frame: 1 or 2, Picture: not null }).ShouldBe(Array.Find(steps, step => step.Picture is not null && step.StepsDone > 0));
    }

    [Fact]
    public void Frames_should_stay_where_they_are_evenly_spaced_already()
    {
        var options = new BlendOptions { Frames = BlendLattice.Line(4), Metric = "l2", StepsPerFrame = 20 };

        var (even, plain) = (Run(options with { Spacing = "even" }), Run(options with { Spacing = "weights" }));

        even[^1].Spacing!.Distances.ShouldBe(plain[^1].Spacing!.Distances);
        even[^1].SpacingBefore!.Distances.ShouldBe(plain[^1].Spacing!.Distances);
        Pictures(even).ShouldBe(Pictures(plain));
        plain[^1].SpacingBefore.ShouldBeNull();
    }

    [Fact]
    public void Frames_that_were_computed_before_should_be_moved_to_the_same_pictures()
    {
        var options = new BlendOptions { Frames = Line(0, 0.1, 0.2, 1), Metric = "l2", StepsPerFrame = 20 };
        var computed = Run(options).Where(step => step is { FrameFinal: true, Stage: BlendStage.Final }).ToDictionary(step => step.Frame, step => new BlendResume(step.Picture!, step.StepsDone));

        var (moved, atOnce) = (Run(options with { Spacing = "even", Computed = computed }), Run(options with { Spacing = "even" }));

        computed.Keys.ShouldBe([1, 2], ignoreOrder: true);
        Pictures(moved).ShouldBe(Pictures(atOnce));
        moved[^1].Spacing!.Distances.ShouldBe(atOnce[^1].Spacing!.Distances);
        moved[^1].SpacingBefore!.Distances.ShouldBe(atOnce[^1].SpacingBefore!.Distances);
    }

    [Fact]
    public void Spacing_should_be_told_also_when_every_frame_is_known()
    {
        var options = new BlendOptions { Frames = BlendLattice.Line(4), Metric = "l2", StepsPerFrame = 20 };
        var before = Run(options);
        var known = before.Where(step => step is { FrameFinal: true, Stage: BlendStage.Final }).ToDictionary(step => step.Frame, step => step.Picture!);

        var after = Run(options with { Known = known });

        after[^1].Spacing.ShouldNotBeNull().Distances.ShouldBe(before[^1].Spacing!.Distances);
        after.Count(step => step.FrameFinal).ShouldBe(2); // the images themselves
    }

    [Fact]
    [Trait("Category", "slow")]
    public void Frames_should_be_spaced_more_evenly_under_a_network()
    {
        var steps = Run(new BlendOptions { Frames = Line(0, 0.1, 0.2, 1), Metric = "builtin", StepsPerFrame = 12, Spacing = "even" });

        steps[^1].Spacing!.Evenness.ShouldBeGreaterThan(steps[^1].SpacingBefore!.Evenness);
        steps.Where(step => step is { FrameFinal: true, Picture: not null }).ShouldAllBe(step => step.Energy <= step.MixEnergy);
    }

    private static BlendTarget[] Line(params double[] weights) => [.. weights.Select((weight, i) => new BlendTarget(i, [1 - weight, weight]))];

    private static BlendStep[] Run(BlendOptions options) => [.. PerceptualBlend.Run(Images, options, ReferenceImages.Weights, CancellationToken.None)];

    private static float[][] Pictures(BlendStep[] steps) =>
        [.. steps.Where(step => step is { FrameFinal: true, Picture: not null }).OrderBy(step => step.Frame).Select(step => step.Picture!.Planes)];
}
