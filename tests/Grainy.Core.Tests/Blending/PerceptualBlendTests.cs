using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Tests.Metrics;

namespace Grainy.Core.Tests.Blending;

[LeavesNoTensors]
[Trait("Category", "slow")]
public sealed class PerceptualBlendTests
{
    [Fact]
    public void Run_should_find_frames_nearer_to_both_ends_than_their_mix()
    {
        var options = new BlendOptions { Frames = BlendLattice.Line(3), Size = 128, StepsPerFrame = 80 };

        var steps = PerceptualBlend.Run([Crop("cat"), Crop("dog")], options, ReferenceImages.Weights, CancellationToken.None).ToArray();

        var pictures = steps.Where(step => step.Picture is not null).ToArray();
        pictures.Select(step => step.Frame).Take(3).ShouldBe([0, 2, 1]);
        pictures[2].Stage.ShouldBe(BlendStage.Fine);
        var middle = pictures[^1];
        middle.Stage.ShouldBe(BlendStage.Final);
        middle.Metric.ShouldBe("elpips-squeeze");
        middle.Weights.ShouldBe([0.5, 0.5]);
        // An independent PyTorch run on the same crops (other transforms): 0.00408 for the mix, 0.0032 after 150 steps.
        middle.MixEnergy.ShouldBeInRange(0.0030, 0.0052);
        (middle.Energy / middle.MixEnergy).ShouldBeLessThan(0.87);
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

    [Fact]
    public void Run_should_give_the_weighted_mean_under_squared_error()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(3, 64, 64), ReferenceImages.Synthetic(7, 13, 29, 0, 64, 64), ReferenceImages.Flat(0.3f, 64)];
        double[] weights = [0.2, 0.5, 0.3];
        var options = new BlendOptions { Frames = [new BlendTarget(0, weights)], Metric = "l2", StepsPerFrame = 40 };

        var frame = PerceptualBlend.Run(images, options, ReferenceImages.Weights, CancellationToken.None).Last(step => step.Picture is not null);

        frame.FrameFinal.ShouldBeTrue();
        frame.Picture!.Planes.Zip(PixelMix.Of(images, weights).Planes).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-4f);
        frame.EnergyError.ShouldBe(0);
    }

    [Fact]
    public void Run_should_never_raise_the_energy_and_begin_with_a_picture_of_reduced_resolution()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(3, 128, 256), ReferenceImages.Synthetic(7, 13, 29, 0, 128, 256)];
        var options = new BlendOptions { Frames = [new BlendTarget(4, [0.5, 0.5])], Metric = "builtin", StepsPerFrame = 24 };

        var pictures = PerceptualBlend.Run(images, options, ReferenceImages.Weights, CancellationToken.None).Where(step => step.Picture is not null).ToArray();

        pictures.Length.ShouldBeGreaterThanOrEqualTo(2);
        pictures.ShouldAllBe(step => step.Frame == 4 && step.WorkingSize > 0);
        pictures.Zip(pictures.Skip(1)).ShouldAllBe(pair => pair.Second.Energy <= pair.First.Energy);
        pictures[^1].Energy.ShouldBeLessThan(pictures[^1].MixEnergy);
        pictures[0].Stage.ShouldBe(BlendStage.Coarse);
        pictures.Select(step => step.FrameFinal).ShouldBe([.. Enumerable.Repeat(false, pictures.Length - 1), true]);
    }

    [Fact]
    public void Run_should_return_an_image_itself_and_no_energy_for_the_whole_weight()
    {
        var (a, b) = (ImageFixtures.Waves(3, 64, 64), ReferenceImages.Flat(0.5f, 64));

        var step = PerceptualBlend.Run([a, b], new BlendOptions { Frames = [new BlendTarget(0, [1, 0])] }, ReferenceImages.Weights, CancellationToken.None)
            .ShouldHaveSingleItem();

        step.Picture!.Planes.ShouldBe(a.Planes);
        (step.Energy, step.Stage, step.FrameFinal).ShouldBe((0, BlendStage.Given, true));
    }

    [Fact]
    public void Energy_should_be_0_within_rounding_where_all_weight_is_on_the_picture_itself()
    {
        using var distance = BlendDistance.Load("elpips-builtin", ReferenceImages.Weights);
        using var energy = new BlendEnergy(distance, 1, 1);
        using var inputs = new BlendInputs([ImageFixtures.Waves(3, 64, 64), ReferenceImages.Flat(0.5f, 64)], 64, 32);
        using var first = LivelyMix.Of(inputs.At(0), [1, 0]);
        var values = new (double Energy, double Error)[1];

        foreach (var _ in energy.Measure(inputs.At(0), [first], [[1, 0]], values))
        {
        }

        values[0].Energy.ShouldBeLessThan(1e-12);
        foreach (var _ in energy.Measure(inputs.At(0), [first], [[0, 1]], values))
        {
        }

        values[0].Energy.ShouldBeGreaterThan(1e-4);
    }

    [Fact]
    public void Run_should_shorten_a_path_and_report_its_spacing()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(3, 64, 64), ReferenceImages.Synthetic(3, 5, 29, 0, 64, 64)];
        var options = new BlendOptions { Frames = BlendLattice.Line(4), Metric = "builtin", Path = "geodesic", StepsPerFrame = 60 };

        var steps = PerceptualBlend.Run(images, options, ReferenceImages.Weights, CancellationToken.None).ToArray();

        var final = steps.Where(step => step is { FrameFinal: true, Picture: not null }).ToArray();
        final.Select(step => step.Frame).ShouldBe([0, 3, 1, 2]);
        final[^1].Energy.ShouldBeLessThan(final[^1].MixEnergy);
        var spacing = steps[^1].Spacing.ShouldNotBeNull();
        spacing.Distances.Count.ShouldBe(3);
        // The builtin metric draws nothing: what was minimised and what is reported are the same number.
        spacing.PathEnergy.ShouldBe(final[^1].Energy, 1e-3 * final[^1].Energy);
        steps[^1].SpacingBefore.ShouldNotBeNull().PathEnergy.ShouldBe(final[^1].MixEnergy, 1e-3 * final[^1].MixEnergy);
        steps.Count(step => step.Spacing is not null).ShouldBe(1);
    }

    [Fact]
    public void Run_should_transfer_detail_to_frames_larger_than_their_working_size_and_say_so()
    {
        var image = ReferenceImages.Synthetic(37, 91, 29, 0, 160, 160);
        var options = new BlendOptions { Frames = [new BlendTarget(0, [0.5, 0.5])], Metric = "l2", WorkingSize = 64, StepsPerFrame = 10 };

        var frame = PerceptualBlend.Run([image, image], options, ReferenceImages.Weights, CancellationToken.None).Last(step => step.Picture is not null);

        (frame.DetailTransferred, frame.WorkingSize).ShouldBe((true, 64));
        // Of one image with itself nothing is lost.
        PsnrMetric.Between(frame.Picture!, image).ShouldBeGreaterThan(60);
    }

    [Fact]
    public void Run_should_go_on_from_an_earlier_stage()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(3, 64, 64), ReferenceImages.Synthetic(7, 13, 29, 0, 64, 64)];
        var options = new BlendOptions { Frames = [new BlendTarget(0, [0.5, 0.5])], Metric = "builtin", StepsPerFrame = 20 };
        BlendStep Final(BlendOptions options) =>
            PerceptualBlend.Run(images, options, ReferenceImages.Weights, CancellationToken.None).Last(step => step.Picture is not null);

        var first = Final(options);
        var further = Final(options with { StepsPerFrame = 50, Resume = new Dictionary<int, BlendResume> { [0] = new(first.Picture!, first.StepsDone) } });

        further.Energy.ShouldBeLessThanOrEqualTo(first.Energy);
        further.StepsDone.ShouldBeGreaterThan(first.StepsDone);
    }

    [Fact]
    public void Run_should_follow_the_published_procedure_from_noise_when_asked()
    {
        ImageBuffer[] images = [ImageFixtures.Waves(3, 64, 64), ReferenceImages.Synthetic(7, 13, 29, 0, 64, 64)];
        var options = new BlendOptions { Frames = [new BlendTarget(0, [0.5, 0.5])], Metric = "elpips-builtin", StepsPerFrame = 60, Reference = true };

        var pictures = PerceptualBlend.Run(images, options, ReferenceImages.Weights, CancellationToken.None).Where(step => step.Picture is not null).ToArray();

        pictures.Select(step => step.StepsDone).ShouldBe([0, 10, 20, 50, 60]);
        pictures[^1].Energy.ShouldBeLessThan(pictures[0].Energy);
        var noise = pictures[0].Picture!.Planes.Average(value => (value - 0.5) * (value - 0.5));
        noise.ShouldBe(0.04, 0.002); // 12,288 samples of variance 0.04, clipped beyond 2.5 deviations: five standard errors are 0.0026
    }

    private static ImageBuffer Crop(string name)
    {
        var image = ReferenceImages.Load($"elpips/{name}.png");
        var (top, left) = ((image.Height - 128) / 2, (image.Width - 128) / 2);
        return ImageFixtures.Make(3, 128, 128, (c, y, x) => image.Plane(c)[((top + y) * image.Width) + left + x]);
    }
}
