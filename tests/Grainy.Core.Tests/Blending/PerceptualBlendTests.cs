using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Tests.Metrics;

namespace Grainy.Core.Tests.Blending;

[LeavesNoTensors]
public sealed class PerceptualBlendTests
{
    [Trait("Category", "slow")]
    [Fact]
    public void Run_should_find_frames_nearer_to_both_ends_than_their_mix()
    {
        var options = new BlendOptions { Frames = BlendLattice.Line(3), Size = 128, StepsPerFrame = 140 };

        var steps = PerceptualBlend.Run([Crop("cat"), Crop("dog")], options, ReferenceImages.Weights, CancellationToken.None).ToArray();

        var pictures = steps.Where(step => step.Picture is not null).ToArray();
        pictures.Select(step => step.Frame).Take(3).ShouldBe([0, 2, 1]);
        pictures[2].Stage.ShouldBe(BlendStage.Coarse);
        var middle = pictures[^1];
        middle.Stage.ShouldBe(BlendStage.Final);
        middle.Metric.ShouldBe("elpips-squeeze");
        middle.Weights.ShouldBe([0.5, 0.5]);
        // An independent PyTorch run on the same crops (other transforms): 0.00408 for the mix, 0.0032 after 150 steps.
        middle.MixEnergy.ShouldBeInRange(0.0030, 0.0052);
        (middle.Energy / middle.MixEnergy).ShouldBeLessThan(0.88);
        pictures[2].Energy.ShouldBeInRange(middle.Energy, middle.MixEnergy);
        middle.Picture!.Planes.ShouldAllBe(value => value >= 0 && value <= 1);
        PsnrMetric.Between(pictures[0].Picture!, Crop("cat")).ShouldBe(double.PositiveInfinity);
    }

    [Fact]
    public void Run_should_give_the_same_frame_alone_and_among_others()
    {
        var (a, b) = (ImageFixtures.Waves(3, 64, 72), ReferenceImages.Synthetic(7, 13, 29, 0, 64, 72));
        BlendStep[] Final(params int[] skip) =>
            [.. PerceptualBlend.Run(
                [a, b],
                new BlendOptions { Frames = BlendLattice.Line(5), StepsPerFrame = 10, Known = skip.ToDictionary(frame => frame, _ => a) },
                ReferenceImages.Weights,
                CancellationToken.None)
                .Where(step => step.FrameFinal)];

        var all = Final();
        all.Select(step => step.Frame).ShouldBe([0, 4, 2, 1, 3]);
        var alone = Final(0, 4, 2, 1).ShouldHaveSingleItem();

        alone.Frame.ShouldBe(3);
        alone.Picture!.Planes.ShouldBe(all[^1].Picture!.Planes);
        alone.Energy.ShouldBe(all[^1].Energy);
    }

    [Fact]
    public void Run_should_free_all_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        using var steps = PerceptualBlend.Run(
            [ImageFixtures.Waves(3, 64, 64), ReferenceImages.Flat(0.5f, 64)], new BlendOptions { StepsPerFrame = 5000 }, ReferenceImages.Weights, source.Token)
            .GetEnumerator();
        while (steps.MoveNext() && steps.Current.StepsDone == 0)
        {
        }

        source.Cancel();

        Should.Throw<OperationCanceledException>(() => steps.MoveNext());
    }

    [Fact]
    public void Run_should_refuse_images_and_options_in_one_sentence()
    {
        IEnumerable<BlendStep> Run(ImageBuffer b, BlendOptions options) =>
            PerceptualBlend.Run([ImageFixtures.Waves(3, 64, 64), b], options, ReferenceImages.Weights, default);

        Should.Throw<MetricInputException>(() => Run(ImageFixtures.Waves(3, 64, 65), new BlendOptions())).Message
            .ShouldBe("The images differ in size (64 × 64 and 65 × 64): crop or scale one of them first.");
        Should.Throw<ArgumentOutOfRangeException>(() => Run(ImageFixtures.Waves(3, 64, 64), new BlendOptions { Frames = BlendLattice.Triangle(2) }))
            .Message.ShouldStartWith("The weights of a frame of 2 images are 2 numbers");
    }

    [Fact]
    public void Order_should_begin_with_the_middle_and_cover_every_frame_once()
    {
        var line = BlendLattice.Line(9);
        var open = line.Skip(1).SkipLast(1).ToList();
        var there = new List<IReadOnlyList<double>> { line[0].Weights, line[8].Weights };
        var order = new List<int[]>();
        while (open.Count > 0)
        {
            var next = BlendOrder.Next(open, there, null, 2);
            order.Add([.. next.Select(target => target.Index)]);
            open.RemoveAll(next.Contains);
            there.AddRange(next.Select(target => target.Weights));
        }

        order.ShouldBe([[4], [2, 6], [1, 3], [5, 7]]);
        BlendOrder.Next(line, [], [0.3, 0.7], 3).Select(target => target.Index).ShouldBe([6, 5, 7]);
    }

    private static ImageBuffer Crop(string name)
    {
        var image = ReferenceImages.Load($"elpips/{name}.png");
        var (top, left) = ((image.Height - 128) / 2, (image.Width - 128) / 2);
        return ImageFixtures.Make(3, 128, 128, (c, y, x) => image.Plane(c)[((top + y) * image.Width) + left + x]);
    }
}
