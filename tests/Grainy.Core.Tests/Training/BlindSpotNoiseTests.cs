using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Core.Tests.Training;

/// <summary>Blind-spot training with every kind of noise.</summary>
[LeavesNoTensors]
public sealed class BlindSpotNoiseTests
{
    private static readonly TrainingSettings Tiny = new() { Steps = 3, CropSize = 32, BatchSize = 2 };

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, bool, int> Kinds()
    {
        var data = new TheoryData<string, bool, int>();
        foreach (var kind in new[] { "gaussian", "poisson", "affine", "impulse" })
        {
            data.Add(kind, false, 3);
            data.Add(kind, true, 1);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Model_of_every_kind_should_be_trained_saved_loaded_and_used(string kind, bool perImage, int channels)
    {
        var image = ImageFixtures.Waves(channels, 40, 48);
        var settings = Tiny with { BlindSpot = new BlindSpotSettings { Noise = Unknown(kind), NoisePerImage = perImage } };
        using var training = new TrainingRun(settings, [image]);

        var last = training.Run(Token).Last();
        using var file = new MemoryStream();
        training.Export().Save(file);
        file.Position = 0;
        var model = DenoiserModel.Load(file);
        var result = Denoiser.Run(model, image, new DenoiseOptions { Uncertainty = true }, Token).Last();

        last.SkippedSteps.ShouldBe(0);
        model.Settings.NoiseSource.ShouldBe(perImage ? NoiseSources.LearnedPerImage : NoiseSources.Learned);
        model.Settings.NoiseModel!.IsKnown.ShouldBe(!perImage);
        model.Settings.LowestSigma.ShouldBeInRange(1e-3, 0.3); // a few steps from where learning starts
        result.Noise!.Kind.ShouldBe(kind);
        result.Noise.IsKnown.ShouldBeTrue();
        result.Result!.Planes.ShouldAllBe(value => float.IsFinite(value));
        result.Uncertainty!.HasSizeOf(image).ShouldBeTrue();
        result.Uncertainty.Planes.ShouldAllBe(value => value >= 0 && float.IsFinite(value));
        training.Preview(32).Planes.ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory]
    [InlineData("diagonal", 3)]
    [InlineData("diagonal", 1)]
    [InlineData("none", 3)]
    [InlineData("none", 1)]
    public void Smaller_predictions_should_be_trained_and_used(string covariance, int channels)
    {
        var image = ImageFixtures.Waves(channels, 40, 48);
        using var training = new TrainingRun(Tiny with { NoiseSigma = 0.1, BlindSpot = new BlindSpotSettings { Covariance = covariance, Hole = 1 } }, [image]);

        _ = training.Run(Token).Last();
        var model = training.Export();

        Denoiser.Run(model, image, 0.1, Token).Last().Result!.HasSizeOf(image).ShouldBeTrue();
        model.Settings.Hole.ShouldBe(1);
        if (covariance == "none")
        {
            Should.Throw<ArgumentException>(() => Denoiser.Run(model, image, new DenoiseOptions { Uncertainty = true }, Token)).Message.ShouldContain("how sure");
        }
    }

    [Fact]
    public void Learned_noise_should_rise_towards_the_truth_and_be_told_on_the_scale_of_the_image()
    {
        // Noise of σ = 4 around 20: the 0.1 % quantiles lie 6.2 σ apart, so that the learned σ starts from 0.0192 · 24.7 = 0.47.
        var image = GaussianNoise.Corrupt(ImageFixtures.Make(1, 96, 96, (_, _, _) => 20), 4, 1);
        var settings = Tiny with { Steps = 12, LearningRate = 5e-2, BlindSpot = new BlindSpotSettings { Noise = new NoiseModel.Gaussian() } };
        using var training = new TrainingRun(settings, [image]);

        _ = training.Run(Token).Last();

        var learned = (NoiseModel.Gaussian)training.Export().Settings.NoiseModel!;
        learned.Sigma!.Value.ShouldBeInRange(0.5, 4);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Impulse_training_should_remove_impulses()
    {
        var clean = ImageFixtures.Waves(1, 96, 96);
        var random = new Random(3);
        var noisy = new ImageBuffer(1, 96, 96, [.. clean.Planes.Select(value => random.NextDouble() < 0.3 ? random.NextSingle() : value)]);
        var settings = new TrainingSettings
        {
            Steps = 80,
            CropSize = 32,
            BatchSize = 2,
            LearningRate = 5e-3,
            BlindSpot = new BlindSpotSettings { Noise = new NoiseModel.Impulse(0.3) },
        };
        using var training = new TrainingRun(settings, [noisy]);

        _ = training.Run(Token).Last();
        var denoised = Denoiser.Run(training.Export(), noisy, new DenoiseOptions(), Token).Last().Result!;

        ImageFixtures.PeakSignalToNoise(denoised, clean).ShouldBeGreaterThan(ImageFixtures.PeakSignalToNoise(noisy, clean) + 3);
    }

    private static NoiseModel Unknown(string kind) => kind switch
    {
        "gaussian" => new NoiseModel.Gaussian(),
        "poisson" => new NoiseModel.Poisson(),
        "affine" => new NoiseModel.Affine(),
        _ => new NoiseModel.Impulse(),
    };
}
