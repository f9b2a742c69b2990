using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class BuiltInDenoiserTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(25, 3)]
    [InlineData(50, 4)]
    public void BuiltIn_should_gain_decibels_on_an_image_it_never_saw(double sigma, double gain)
    {
        Assert.SkipUnless(DenoiserModel.HasBuiltIn, "this build carries no general denoiser");
        var clean = ImageFixtures.Waves(3, 128, 128);
        var noisy = GaussianNoise.Corrupt(clean, sigma / 255, 3);

        var denoised = Denoiser.Run(DenoiserModel.BuiltIn, noisy, sigma / 255, Token).Last().Result!;

        ImageFixtures.PeakSignalToNoise(denoised, clean).ShouldBeGreaterThan(ImageFixtures.PeakSignalToNoise(noisy, clean) + gain);
    }

    [Fact]
    public void BuiltIn_should_denoise_a_grey_photograph()
    {
        // Its equal channels with equal noise were taken for structure; 23 dB were left of what is 28.4 now.
        var photo = ImageReader.Read(SharedData.Require("data/images/kodak/kodim07.png")).Image;
        var clean = ImageFixtures.Make(1, 192, 192, (_, y, x) => Enumerable.Range(0, 3).Average(channel => photo.Plane(channel)[((y + 160) * photo.Width) + x + 300]));
        var noisy = GaussianNoise.Corrupt(clean, 25 / 255.0, 3);

        var last = Denoiser.Run(DenoiserModel.BuiltIn, noisy, 25 / 255.0, Token).Last();

        last.Sigma.ShouldBe(25 / 255.0, 1e-9);
        ImageFixtures.PeakSignalToNoise(last.Result!, clean).ShouldBeGreaterThan(27.5);
    }

    [Fact]
    public void BuiltIn_should_estimate_the_noise_when_it_is_not_given()
    {
        Assert.SkipUnless(DenoiserModel.HasBuiltIn, "this build carries no general denoiser");
        var clean = ImageFixtures.Waves(1, 96, 96);
        var noisy = GaussianNoise.Corrupt(clean, 0.1, 3);

        var last = Denoiser.Run(DenoiserModel.BuiltIn, noisy, (double?)null, Token).Last();

        last.Sigma.ShouldBe(0.1, 0.015);
        ImageFixtures.PeakSignalToNoise(last.Result!, clean).ShouldBeGreaterThan(ImageFixtures.PeakSignalToNoise(noisy, clean) + 2);
    }

    [Fact]
    public void Training_of_the_general_denoiser_should_export_a_model_that_takes_its_range_from_each_image()
    {
        using var training = BuiltInDenoiserTraining.Create(
            new TrainingSettings { Steps = 2, CropSize = 32, BatchSize = 2 }, [ImageFixtures.Waves(3, 40, 40)], [ImageFixtures.Waves(3, 50, 70)], 1, null, "waves");

        var updates = training.Run(Token).ToList();
        var model = training.Export();

        updates[^1].Step.ShouldBe(2);
        double.IsFinite(updates[^1].Loss).ShouldBeTrue();
        updates[^1].Validation!.Value.ShouldBeInRange(5, 60);
        model.Settings.RangePerImage.ShouldBeTrue();
        model.Settings.LowestSigma.ShouldBe(5 / 255.0);
        model.Card.ShouldContain("waves and 1 generated pictures: 2 images");
        model.Card.ShouldContain("| 2 | ");
    }

    [Fact]
    public void Training_of_the_general_denoiser_should_go_on_where_it_stopped_byte_for_byte()
    {
        var settings = new TrainingSettings { Steps = 6, CropSize = 32, BatchSize = 2 };
        using var whole = Create(null);
        _ = whole.Run(Token).Last();
        byte[] half;
        using (var first = Create(null))
        {
            half = first.Run(Token).Where(update => update.Step >= 2).Select(_ => first.Checkpoint()).First();
        }

        using var second = Create(TrainingCheckpoint.Read(half));
        _ = second.Run(Token).Last();

        second.Export().Weights.ShouldBe(whole.Export().Weights);

        TrainingRun Create(TrainingCheckpoint? from) => BuiltInDenoiserTraining.Create(settings, [ImageFixtures.Waves(1, 70, 70)], [], 0, from, "waves");
    }

    [Fact]
    public void Training_of_the_general_denoiser_should_grow_a_smaller_one_and_refuse_a_larger()
    {
        var settings = new TrainingSettings { Preset = NetworkPresets.Medium, Steps = 1, CropSize = 32, BatchSize = 1, StartFrom = Model(NetworkPresets.Compact) };
        using var training = Create(settings);
        _ = training.Run(Token).Last();

        var grown = training.Export();

        (grown.Settings.Preset, grown.ParameterCount).ShouldBe((NetworkPresets.Medium, 442_705));
        grown.Card.ShouldContain("Start: the compact general denoiser after its 1 steps, grown");
        Should.Throw<DenoiserFormatException>(() => Create(settings with { Preset = NetworkPresets.Compact, StartFrom = grown })).Message.ShouldContain("cannot grow");

        static TrainingRun Create(TrainingSettings settings) => BuiltInDenoiserTraining.Create(settings, [ImageFixtures.Waves(3, 40, 40)], [], 0, null, "waves");

        static DenoiserModel Model(string preset)
        {
            using var training = Create(new TrainingSettings { Preset = preset, Steps = 1, CropSize = 32, BatchSize = 1 });
            _ = training.Run(Token).Last();
            return training.Export();
        }
    }
}
