using System.Diagnostics;
using Grainy.Core.Images;

namespace Grainy.Cli.Tests;

public sealed class DenoisingTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Train_then_denoise_should_work_on_one_noisy_photo_alone()
    {
        var noisy = await NoisyAsync(64);

        var trained = await GrainyProgram.RunAsync(
            "train", noisy, "--method", "blind-spot", "--budget", "5s", "--sigma", "25", "--preset", "compact", "--out", _bench["m.grainy"], "--json");
        var denoised = await GrainyProgram.RunAsync("denoise", noisy, "--model", _bench["m.grainy"], "--out", _bench["out"], "--json");

        trained.ExitCode.ShouldBe(0, trained.Error);
        trained.Json.GetProperty("steps").GetInt64().ShouldBeGreaterThan(0);
        trained.Json.GetProperty("stopped").GetBoolean().ShouldBeFalse();
        trained.Json.GetProperty("sigmas")[0].GetDouble().ShouldBe(25 / 255.0, 1e-6);
        denoised.ExitCode.ShouldBe(0, denoised.Error);
        var (image, facts) = ImageReader.Read(denoised.Json[0].GetProperty("file").GetString()!);
        facts.IsFloat.ShouldBeTrue();
        (image.Width, image.Height, image.Channels).ShouldBe((64, 64, 3));
        Directory.GetFiles(_bench.Folder, "*.tmp").ShouldBeEmpty();
    }

    [Fact]
    public async Task Train_should_keep_what_it_learned_when_it_is_interrupted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends SIGINT with kill");
        var noisy = await NoisyAsync(64);

        var outcome = await GrainyProgram.RunAsync(
            async process =>
            {
                (await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull().ShouldContain("step");
                using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
                await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            },
            "train", noisy, "--budget", "1h", "--out", _bench["m.grainy"], "--json");

        outcome.ExitCode.ShouldBe(130);
        outcome.Json.GetProperty("stopped").GetBoolean().ShouldBeTrue();
        (await GrainyProgram.RunAsync("denoise", noisy, "--model", _bench["m.grainy"], "--out", _bench["out"])).ExitCode.ShouldBe(0);
    }

    [Trait("Category", "slow")]
    [Fact]
    public async Task Run_file_should_repeat_a_training_bit_for_bit_and_resume_should_go_on()
    {
        var noisy = await NoisyAsync(48);
        string[] command = ["train", noisy, "--noise", "gaussian", "--hole", "1", "--crop", "32", "--batch", "1", "--seed", "4", "--out", _bench["a.grainy"]];

        var first = await GrainyProgram.RunAsync([.. command, "--steps", "2"]);
        first.ExitCode.ShouldBe(0, first.Error);
        var weights = Weights(_bench["a.grainy"]);
        var again = await GrainyProgram.RunAsync("train", "--run", _bench["a.run.json"], "--out", _bench["b.grainy"]);
        var further = await GrainyProgram.RunAsync([.. command, "--steps", "3", "--resume", "--json"]);
        var nothing = await GrainyProgram.RunAsync([.. command, "--steps", "3", "--resume"]);

        again.ExitCode.ShouldBe(0, again.Error);
        further.ExitCode.ShouldBe(0, further.Error);
        further.Json.GetProperty("steps").GetInt64().ShouldBe(3);
        nothing.ErrorLines[0].ShouldContain("is complete");
        Weights(_bench["b.grainy"]).ShouldBe(weights);

        await File.WriteAllBytesAsync(noisy, [1, 2, 3], TestContext.Current.CancellationToken);
        var changed = await GrainyProgram.RunAsync("train", "--run", _bench["b.run.json"], "--out", _bench["c.grainy"]);
        changed.ErrorLines[0].ShouldContain("its content has changed");

        static string Weights(string model)
        {
            using var zip = System.IO.Compression.ZipFile.OpenRead(model);
            using var stream = zip.GetEntry("weights.safetensors")!.Open();
            using var content = new MemoryStream();
            stream.CopyTo(content);
            return Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(content.ToArray()));
        }
    }

    [Fact]
    public async Task Denoise_should_refuse_a_file_that_is_no_model()
    {
        await File.WriteAllTextAsync(_bench["m.grainy"], "nothing", TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("denoise", _bench.Ramp(32, "a.png"), "--model", _bench["m.grainy"], "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldStartWith("grainy: ");
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }

    [Theory]
    [InlineData("takes none of --model, --sigma, --noise, --uncertainty and --orientations", "--method", "zero-shot", "--orientations", "4")]
    [InlineData("--budget is the time for learning with --method zero-shot", "--budget", "5s")]
    [InlineData("'3' does not fit --orientations", "--orientations", "3")]
    public async Task Denoise_should_refuse_options_that_would_do_nothing(string sentence, params string[] options)
    {
        var outcome = await GrainyProgram.RunAsync(["denoise", "a.png", "--out", _bench["out"], .. options]);

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain(sentence);
    }

    [Fact]
    public async Task Denoise_should_say_so_when_it_finds_no_noise()
    {
        var outcome = await GrainyProgram.RunAsync(
            "denoise", _bench.Save(Grainy.TestKit.ImageFixtures.Make(3, 32, 32, (_, _, _) => 0.5), "flat.png"), "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Output.ShouldContain("no noise was found in it, so it stays as it is");
    }

    [Fact]
    public async Task Zero_shot_should_keep_the_kind_of_file_and_its_depth()
    {
        using var file = File.Create(_bench["a.tif"]);
        ImageWriter.Write(Grainy.TestKit.ImageFixtures.Waves(1, 48, 48), file, OutputFormat.Tiff16);
        file.Close();

        var outcome = await GrainyProgram.RunAsync("denoise", _bench["a.tif"], "--method", "zero-shot", "--budget", "1s", "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var facts = ImageReader.Read(Path.Combine(_bench["out"], "a-denoised.tif")).Facts;
        (facts.Format, facts.BitDepth).ShouldBe(("TIFF", 16));
    }

    [Fact]
    public async Task Train_should_name_the_image_that_cannot_be_learned_from()
    {
        var noisy = await NoisyAsync(48);
        var tiny = await CopyAsync(20);

        var outcome = await GrainyProgram.RunAsync("train", noisy, tiny, "--steps", "1", "--out", _bench["m.grainy"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("tiny.tif: An image of 20 × 20 pixels is too small to train on");

        async Task<string> CopyAsync(int side)
        {
            var clean = _bench.Crop("data/images/kodak/kodim07.png", side, "small.png");
            (await GrainyProgram.RunAsync("corrupt", clean, "--gaussian", "25", "--out", _bench["tiny.tif"])).ExitCode.ShouldBe(0);
            return _bench["tiny.tif"];
        }
    }

    [Fact]
    public async Task Train_should_refuse_a_budget_that_is_no_time()
    {
        var outcome = await GrainyProgram.RunAsync("train", "a.png", "--budget", "soon", "--out", "m.grainy");

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain("'soon' does not fit --budget: it must be a time such as 90s, 2m or 1h");
    }

    private async Task<string> NoisyAsync(int side)
    {
        var clean = _bench.Crop("data/images/kodak/kodim07.png", side, "clean.png");
        (await GrainyProgram.RunAsync("corrupt", clean, "--gaussian", "25", "--out", _bench["noisy.tif"])).ExitCode.ShouldBe(0);
        return _bench["noisy.tif"];
    }
}
