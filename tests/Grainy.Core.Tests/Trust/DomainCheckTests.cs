using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Trust;

namespace Grainy.Core.Tests.Trust;

public sealed class DomainCheckTests
{
    private static readonly DenoiserSettings Trained = new() { Preset = NetworkPresets.Compact, Channels = 1, LowestSigma = 0.08, HighestSigma = 0.12 };

    [Fact]
    public void Images_like_those_of_the_training_should_pass() => Codes(GaussianNoise.Corrupt(ImageFixtures.Waves(1, 128, 128), 0.1, 1)).ShouldBeEmpty();

    [Theory]
    [InlineData(0.02)]
    [InlineData(0.3)]
    public void Other_noise_should_be_noticed(double sigma) =>
        Codes(GaussianNoise.Corrupt(ImageFixtures.Waves(1, 128, 128), sigma, 1)).ShouldContain("noise-outside-training");

    [Fact]
    public void Other_brightness_should_be_noticed() =>
        Codes(GaussianNoise.Corrupt(ImageFixtures.Make(1, 128, 128, (_, y, x) => 3 + (0.01 * x)), 0.1, 1)).ShouldBe(["brightness-outside-training"]);

    [Fact]
    public void Another_unit_should_be_noticed() =>
        Codes(GaussianNoise.Corrupt(ImageFixtures.Make(1, 128, 128, (_, y, x) => 1e-4 * x), 1e-3, 1)).ShouldContain("contrast-outside-training");

    [Fact]
    public void Noise_that_grows_with_brightness_should_be_noticed()
    {
        var random = CounterRandom.For(1, "test.domain");
        var counted = ImageFixtures.Make(1, 256, 256, (_, y, x) => random.NextPoisson(0.5 + (0.15 * x)) / 40.0);

        Codes(counted).ShouldContain("signal-dependent-noise");
    }

    [Fact]
    public void A_grey_image_for_a_colour_model_should_be_noticed() =>
        DomainCheck.Of(Trained with { Channels = 3 }, NoiseAnalysis.OfImage(GaussianNoise.Corrupt(ImageFixtures.Waves(1, 128, 128), 0.1, 1)))
            .Select(warning => warning.Code).ShouldBe(["grey-for-colour"]);

    private static string[] Codes(ImageBuffer image) => [.. DomainCheck.Of(Trained, NoiseAnalysis.OfImage(image)).Select(warning => warning.Code)];
}
