using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

public sealed class TrainingMethodTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Trait("Category", "slow")]
    [Fact]
    public async Task Train_by_pairs_should_say_how_the_frames_lie_and_give_a_model()
    {
        var (first, second) = (Frame("a.npy", 0, 1), Frame("b.npy", 2, 2));

        var trained = await GrainyProgram.RunAsync("train", first, second, "--method", "noise2noise", "--loss", "l1", "--budget", "5s", "--out", _bench["m.grainy"], "--json");
        var denoised = await GrainyProgram.RunAsync("denoise", first, "--model", _bench["m.grainy"], "--out", _bench["out"], "--json");

        trained.ExitCode.ShouldBe(0, trained.Error);
        trained.Json.GetProperty("method").GetString().ShouldBe("noise2noise");
        trained.Json.GetProperty("registration")[0].GetProperty("alignment").GetProperty("shiftX").GetDouble().ShouldBe(2, 0.3);
        trained.Error.ShouldContain("warning: In scene 1 1 of 1 measured frames are displaced");
        denoised.ExitCode.ShouldBe(0, denoised.Error);
    }

    [Trait("Category", "slow")]
    [Fact]
    public async Task Denoise_should_learn_from_the_image_by_itself_when_asked_to()
    {
        var outcome = await GrainyProgram.RunAsync("denoise", Frame("a.npy", 0, 1), "--method", "zero-shot", "--budget", "2s", "--out", _bench["out"], "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Json[0].GetProperty("method").GetString().ShouldBe("zero-shot");
        outcome.Json[0].GetProperty("steps").GetInt64().ShouldBeGreaterThan(0);
        outcome.Json[0].GetProperty("end").GetString().ShouldBeOneOf("settled", "budget");
        File.Exists(outcome.Json[0].GetProperty("file").GetString()).ShouldBeTrue();
    }

    [Theory]
    [InlineData(2, "--loss belongs to --method noise2noise or noise2clean, not to blind-spot", "--loss", "l1")]
    [InlineData(2, "--mask-span belongs to --method noise2void", "--method", "noise2noise", "--mask-span", "5")]
    [InlineData(2, "--scenes and --align belong to methods that compare frames", "--align")]
    [InlineData(2, "--clean belongs to --method noise2clean", "--clean", "x.png")]
    [InlineData(2, "2 files do not make scenes of 3", "--method", "noise2noise", "--scenes", "3")]
    [InlineData(1, "same image", "--method", "noise2noise")]
    [InlineData(1, "needs pairs", "--method", "noise2noise", "--scenes", "1")]
    [InlineData(1, "--clean names 0", "--method", "noise2clean")]
    public async Task Train_should_refuse_what_does_not_fit_before_it_begins(int code, string reason, params string[] options)
    {
        var frame = Frame("a.npy", 0, 1);

        var outcome = await GrainyProgram.RunAsync(["train", frame, frame, .. options, "--out", _bench["m.grainy"]]);

        outcome.ExitCode.ShouldBe(code, outcome.Error);
        outcome.ErrorLines[0].ShouldContain(reason == "needs pairs" ? "learns from pairs" : reason);
        File.Exists(_bench["m.grainy"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Train_should_refuse_frames_of_different_depth_or_scene()
    {
        var image = ImageFixtures.Waves(1, 48, 48);
        using (var file = File.Create(_bench["16.png"]))
        {
            ImageWriter.Write(image, file, OutputFormat.Png16);
        }

        var other = _bench.Save(ImageFixtures.Make(1, 48, 48, (_, y, x) => 0.5 + (0.4 * Math.Sin((0.9 * x) - (0.4 * y)))), "8b.png");

        (await Refusal(_bench.Save(image, "8.png"), _bench["16.png"])).ShouldContain("8-bit samples and");
        (await Refusal(_bench["8.png"], other)).ShouldContain("does not show what its first frame shows");

        async Task<string> Refusal(string a, string b)
        {
            var outcome = await GrainyProgram.RunAsync("train", a, b, "--method", "noise2noise", "--out", _bench["m.grainy"]);
            outcome.ExitCode.ShouldBe(1);
            return outcome.ErrorLines.ShouldHaveSingleItem();
        }
    }

    private string Frame(string name, double shift, ulong seed)
    {
        var image = GaussianNoise.Corrupt(ImageFixtures.Make(1, 64, 64, (_, y, x) => 0.5 + (0.3 * Math.Sin(0.31 * (x - shift)) * Math.Cos(0.23 * y)) + (0.1 * Math.Sin(0.7 * (x - shift + y)))), 0.05, seed);
        using var file = File.Create(_bench[name]);
        Npy.Write(image, file);
        return _bench[name];
    }
}
