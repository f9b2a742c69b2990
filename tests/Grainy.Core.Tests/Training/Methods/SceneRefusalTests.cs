using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;

namespace Grainy.Core.Tests.Training.Methods;

[LeavesNoTensors]
public sealed class SceneRefusalTests
{
    private static readonly ImageBuffer A = Noisy(1, 40, 48, 1);
    private static readonly ImageBuffer B = Noisy(1, 40, 48, 2);

    [Fact]
    public void Pairs_that_do_not_fit_should_be_refused_with_the_remedy()
    {
        Refusal(TrainingMethods.Noise2Noise, new([A])).ShouldContain("Scene 1 has a single frame");
        Refusal(TrainingMethods.Noise2Noise, new([A, Noisy(1, 48, 40, 3)])).ShouldContain("differ in size: 48 × 40 in 1 channel and 40 × 48");
        Refusal(TrainingMethods.Noise2Noise, new([A, B, A])).ShouldContain("Frames 1 and 3 of scene 1 are the same image");
        Refusal(TrainingMethods.Noise2Clean, new([A, B])).ShouldContain("no clean reference");
        Refusal(TrainingMethods.Noise2Clean, new([A], A)).ShouldContain("is its frame 1 itself");
        Refusal(TrainingMethods.Noise2Noise, new([A, Noisy(3, 40, 48, 3)])).ShouldContain("Grey and colour");
    }

    [Fact]
    public void Crops_too_small_for_halves_should_be_refused() =>
        Should.Throw<ArgumentException>(() => new TrainingRun(
            new TrainingSettings { Method = TrainingMethods.Neighbor2Neighbor, Preset = "full", CropSize = 32, Steps = 1 }, [A]))
            .Message.ShouldContain("give a multiple of 64");

    [Fact]
    public void Settings_of_methods_should_be_checked()
    {
        Invalid(new() { Method = "noise2magic" }).ShouldContain("There is no method");
        Invalid(new() { Noise2Noise = new() { Loss = "l7" } }).ShouldContain("There is no loss 'l7'");
        Invalid(new() { Neighbor2Neighbor = new() { Consistency = -1 } }).ShouldContain("consistency weight");
        Invalid(new() { Noise2Void = new() { MaskedPercent = 50 } }).ShouldContain("masked share");
        Invalid(new() { Noise2Void = new() { Structure = "star" } }).ShouldContain("mask structure");
        Invalid(new() { Noise2Void = new() { Structure = "square", Radius = 2, Span = 5 } }).ShouldContain("structure of 5 px");

        static string Invalid(TrainingSettings settings) => Should.Throw<ArgumentException>(settings.Validated).Message;
    }

    [Fact]
    public void Start_from_a_model_of_another_method_should_be_refused()
    {
        using var masked = new TrainingRun(new TrainingSettings { Method = TrainingMethods.Noise2Void, Steps = 1 }, [A, B]);
        var model = masked.Export();

        Should.Throw<Grainy.Core.Denoising.DenoiserFormatException>(() => new TrainingRun(
            new TrainingSettings { Method = TrainingMethods.Noise2Noise, Steps = 1, StartFrom = model }, [new TrainingScene([A, B])]))
            .Message.ShouldContain("trained by noise2void");
    }

    private static string Refusal(string method, TrainingScene scene) =>
        Should.Throw<ArgumentException>(() => new TrainingRun(new TrainingSettings { Method = method, Steps = 1 }, [scene])).Message;

    private static ImageBuffer Noisy(int channels, int height, int width, ulong seed) =>
        GaussianNoise.Corrupt(ImageFixtures.Waves(channels, height, width), 0.1, seed);
}
