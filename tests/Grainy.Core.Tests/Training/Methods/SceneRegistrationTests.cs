using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using Grainy.Core.Training;
using Grainy.Core.Training.Pairs;
using Grainy.Core.Training.Registration;

namespace Grainy.Core.Tests.Training.Methods;

[LeavesNoTensors]
public sealed class SceneRegistrationTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public void Displaced_and_drifted_frames_should_be_warned_about_and_corrected_on_request()
    {
        var scene = new TrainingScene([Frame(0, 0, 1, 1), Frame(0.6, -1.3, 1, 2), Frame(0, 0, 1.2, 3)]);

        var warned = SceneRegistration.Inspect([scene], clean: false, correct: false, Token);
        var corrected = SceneRegistration.Inspect([scene], clean: false, correct: true, Token);

        warned.Measurements.Select(measured => measured.Frame).ShouldBe([1, 2]);
        warned.Warnings[0].ShouldStartWith("In scene 1 1 of 2 measured frames are displaced, by up to (+0.6");
        warned.Warnings[1].ShouldContain("brightness of 1 of 2");
        warned.Scenes[0].Alignments.ShouldBeNull();
        corrected.Scenes[0].Alignments![1].ShiftX.ShouldBe(0.6, 0.05);
        corrected.Scenes[0].Alignments![1].ShiftY.ShouldBe(-1.3, 0.05);
        corrected.Scenes[0].Alignments![2].Gain.ShouldBe(1.2, 0.02);
        corrected.Warnings.ShouldAllBe(warning => warning.Contains("targets are"));
    }

    [Fact]
    public void Corrected_targets_should_lie_on_their_inputs()
    {
        ImageBuffer[] frames = [Frame(0, 0, 1, 1, 0), Frame(0.6, -1.3, 1.2, 2, 0), Frame(-2, 0.4, 0.9, 3, 0)];
        FrameAlignment[] alignments = [FrameAlignment.Identity, new(0.6, -1.3, 1.2, 0), new(-2, 0.4, 0.9, 0)];
        var raw = Difference(new TrainingScene(frames));

        // What is left are the cubic's errors and, near borders, what one of the frames does not show.
        Difference(new TrainingScene(frames) { Alignments = alignments }).ShouldBeLessThan(raw / 20);

        static double Difference(TrainingScene scene)
        {
            var sampler = new PairSampler([scene], clean: false, 64, 8, new SeedSequence(1));
            using var scope = TorchSharp.torch.NewDisposeScope();
            var (inputs, targets) = sampler.Draw(0);
            var (a, b) = (inputs.ToFloats(), targets.ToFloats());
            return a.Zip(b).Average(pair => Math.Pow(pair.First - pair.Second, 2));
        }
    }

    [Fact]
    public void All_ordered_pairs_of_a_scene_should_be_drawn_alike()
    {
        ImageBuffer[] frames = [.. Enumerable.Range(0, 4).Select(index => ImageFixtures.Make(1, 32, 32, (_, _, _) => index))];
        var sampler = new PairSampler([new TrainingScene(frames)], clean: false, 32, 64, new SeedSequence(1));
        var counts = new int[4, 4];
        for (var step = 0; step < 30; step++)
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            var (inputs, targets) = sampler.Draw(step);
            var (a, b) = (inputs.ToFloats(), targets.ToFloats());
            for (var n = 0; n < 64; n++)
            {
                counts[(int)a[n * 1024], (int)b[n * 1024]]++;
            }
        }

        // 1,920 draws of 12 pairs: 160 expected each; 5 standard errors are 61.
        for (var i = 0; i < 4; i++)
        {
            counts[i, i].ShouldBe(0);
            Enumerable.Range(0, 4).Where(j => j != i).ShouldAllBe(j => Math.Abs(counts[i, j] - 160) < 61);
        }
    }

    [Fact]
    public void Long_bursts_should_be_measured_in_parts_unless_they_are_corrected()
    {
        ImageBuffer[] frames = [.. Enumerable.Range(1, 60).Select(seed => GaussianNoise.Corrupt(ImageFixtures.Waves(1, 32, 32), 0.1, (ulong)seed))];

        SceneRegistration.Inspect([new TrainingScene(frames)], clean: false, correct: false, Token).Measurements.Count.ShouldBeInRange(12, 24);
    }

    private static ImageBuffer Frame(double right, double down, double gain, ulong seed, double sigma = 0.02) => GaussianNoise.Corrupt(
        ImageFixtures.Make(1, 96, 112, (_, y, x) => gain * Value(y - down, x - right)), sigma, seed);

    private static double Value(double y, double x) =>
        0.4 + (0.1 * Math.Sin((0.21 * x) + (0.0021 * x * y))) + (0.1 * Math.Cos((0.17 * y) - (0.0013 * x * x))) + (0.05 * Math.Sin((0.4 * y) + (0.3 * x)));
}
