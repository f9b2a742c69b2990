using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Training.Losses;
using Grainy.Core.Training.Masking;

namespace Grainy.Core.Tests.Training.Methods;

[LeavesNoTensors]
public sealed class MethodTrainingTests
{
    private const double Sigma = 0.15;

    private static readonly ImageBuffer Clean = ImageFixtures.Waves(1, 96, 96);

    private static readonly ImageBuffer[] Noisy = [.. Enumerable.Range(1, 3).Select(seed => GaussianNoise.Corrupt(Clean, Sigma, (ulong)seed))];

    private static readonly TrainingSettings Short = new() { Steps = 80, CropSize = 32, BatchSize = 4, LearningRate = 3e-3 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Trait("Category", "slow")]
    [Theory]
    [InlineData(TrainingMethods.Noise2Noise, 5)]
    [InlineData(TrainingMethods.Noise2Clean, 6)]
    [InlineData(TrainingMethods.Neighbor2Neighbor, 4)]
    [InlineData(TrainingMethods.Noise2Void, 4)]
    [InlineData(TrainingMethods.ZeroShot, 4)]
    public void Method_should_beat_the_noisy_image_after_few_steps(string method, double margin)
    {
        var settings = Short with { Method = method, Steps = method == TrainingMethods.Noise2Void ? 160 : 80, Noise2Void = new() { MaskedPercent = 4 } };

        Gain(settings, [new TrainingScene(Noisy, Clean)]).ShouldBeGreaterThan(margin);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Classic_masking_and_structured_masks_should_learn_too()
    {
        var settings = Short with
        {
            Method = TrainingMethods.Noise2Void,
            Steps = 160,
            Noise2Void = new() { Version2 = false, MaskedPercent = 4, Structure = MaskStructures.Horizontal, Span = 3 },
        };

        Gain(settings, TrainingScene.OfSingles(Noisy)).ShouldBeGreaterThan(3);
    }

    [Trait("Category", "slow")]
    [Theory]
    [InlineData(RegressionLosses.L1)]
    [InlineData(RegressionLosses.AnnealedL0)]
    [InlineData(RegressionLosses.Hdr)]
    [InlineData(RegressionLosses.MaskedL2)]
    public void Every_loss_should_learn_from_pairs(string loss)
    {
        // The relative loss weighs an estimate at or below zero 10,000 times as much as white: with the others' rate, a few such pixels can throw the network far off.
        var settings = Short with { Method = TrainingMethods.Noise2Noise, Noise2Noise = new() { Loss = loss }, LearningRate = loss == RegressionLosses.Hdr ? 1e-3 : 3e-3 };

        Gain(settings, [new TrainingScene(Noisy)]).ShouldBeGreaterThan(3);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Masked_loss_should_fill_missing_pixels_where_the_plain_one_darkens()
    {
        var random = new Random(1);
        ImageBuffer[] holes = [.. Enumerable.Range(0, 2).Select(_ => ImageFixtures.Make(1, 96, 96, (_, y, x) => random.Next(2) == 0 ? 0 : Clean.Planes[(y * 96) + x]))];

        Mean(RegressionLosses.MaskedL2).ShouldBe(0.5, 0.05);
        Mean(RegressionLosses.L2).ShouldBe(0.25, 0.08);

        double Mean(string loss) => Run(Short with { Method = TrainingMethods.Noise2Noise, Noise2Noise = new() { Loss = loss } }, [new TrainingScene(holes)])
            .Planes.Average();
    }

    [Theory]
    [InlineData(TrainingMethods.Noise2Noise)]
    [InlineData(TrainingMethods.Neighbor2Neighbor)]
    [InlineData(TrainingMethods.Noise2Void)]
    [InlineData(TrainingMethods.ZeroShot)]
    public void Resumed_training_should_give_the_bytes_of_an_uninterrupted_one(string method)
    {
        var settings = Short with { Method = method, Steps = 6 };
        IReadOnlyList<TrainingScene> scenes = [new TrainingScene(Noisy)];
        using var whole = new TrainingRun(settings, scenes, null, new NoTime());
        foreach (var _ in whole.Run(Token))
        {
        }

        byte[] half;
        using (var first = new TrainingRun(settings, scenes, null, new NoTime()))
        {
            half = first.Run(Token).First(update => update.Step >= 2) is not null ? first.Checkpoint() : [];
        }

        using var second = new TrainingRun(settings, scenes, TrainingCheckpoint.Read(half), new NoTime());
        foreach (var _ in second.Run(Token))
        {
        }

        second.Checkpoint().ShouldBe(whole.Checkpoint());
    }

    [Theory]
    [InlineData(TrainingMethods.Noise2Noise)]
    [InlineData(TrainingMethods.Noise2Void)]
    [InlineData(TrainingMethods.ZeroShot)]
    public void Model_should_survive_its_file(string method)
    {
        using var training = new TrainingRun(Short with { Method = method, Steps = 2, Noise2Noise = new() { Loss = RegressionLosses.Hdr } }, [new TrainingScene(Noisy)]);
        training.Run(Token).Last().Step.ShouldBe(2);
        var model = training.Export();
        using var file = new MemoryStream();
        model.Save(file);
        file.Position = 0;

        var loaded = DenoiserModel.Load(file);

        loaded.Settings.Method.ShouldBe(method);
        Denoiser.Run(loaded, Noisy[0], new DenoiseOptions(), Token).Last().Result!.Planes.ShouldBe(Denoiser.Run(model, Noisy[0], new DenoiseOptions(), Token).Last().Result!.Planes);
        loaded.Card.ShouldContain(method);
    }

    private static double Gain(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes) =>
        ImageFixtures.PeakSignalToNoise(Run(settings, scenes), Clean) - ImageFixtures.PeakSignalToNoise(Noisy[0], Clean);

    private static ImageBuffer Run(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes)
    {
        using var training = new TrainingRun(settings, scenes);
        var last = training.Run(Token).Last();
        last.SkippedSteps.ShouldBe(0);
        return Denoiser.Run(training.Export(), scenes[0].Frames[0], new DenoiseOptions(), Token).Last().Result!;
    }

    private sealed class NoTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
