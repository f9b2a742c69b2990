using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

public sealed class BlendTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Trait("Category", "slow")]
    [Fact]
    public async Task Blend_should_write_a_chain_of_pictures_from_one_image_to_the_other()
    {
        var a = _bench.Crop("data/images/kodak/kodim01.png", 64, "a.png");
        var b = _bench.Crop("data/images/kodak/kodim07.png", 64, "b.png");

        var outcome = await GrainyProgram.RunAsync(
            "blend", a, b, "--steps", "3", "--size", "64", "--iterations", "20", "--spacing", "weights", "--animation", "gif", "--out", _bench["out"], "--json", "--weights", SharedData.Require("weights"));

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var frames = outcome.Json.GetProperty("frames").EnumerateArray().ToArray();
        frames.Select(frame => frame.GetProperty("weights").EnumerateArray().Last().GetDouble()).ShouldBe([0, 0.5, 1]);
        frames.Select(frame => Path.GetFileName(frame.GetProperty("file").GetString())).ShouldBe(["frame-00.png", "frame-01.png", "frame-02.png"]);
        frames[1].GetProperty("energy").GetDouble().ShouldBeInRange(double.Epsilon, frames[1].GetProperty("mixEnergy").GetDouble());
        frames[1].GetProperty("energyError").GetDouble().ShouldBeGreaterThan(0);
        outcome.Json.GetProperty("spacing").GetProperty("distances").GetArrayLength().ShouldBe(2);
        ImageReader.Read(Path.Combine(_bench["out"], "frame-01.png")).Image.HasSizeOf(ImageReader.Read(a).Image).ShouldBeTrue();
        ImageReader.Read(Path.Combine(_bench["out"], "blend.gif")).Facts.Pages.ShouldBe(4);
    }

    [Fact]
    public async Task Blend_should_write_a_film_of_the_chain_there_and_back()
    {
        Film.RequireTools();

        var outcome = await GrainyProgram.RunAsync(
            "blend", _bench.Ramp(64, "a.png"), _bench.Save(ImageFixtures.Waves(1, 64, 64), "b.png"), "--steps", "3", "--metric", "l2", "--iterations", "10", "--animation", "mp4",
            "--out", _bench["out"], "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Json.GetProperty("spacing").GetProperty("evenness").GetDouble().ShouldBeGreaterThan(0.9);
        outcome.Json.GetProperty("spacingBefore").GetProperty("evenness").GetDouble().ShouldBeGreaterThan(0.9);
        Film.Probe(outcome.Json.GetProperty("animation").GetString()!).ShouldBe(new Film("h264", 64, 64, 4, 0.5));
    }

    [Fact]
    public async Task Blend_should_say_what_a_film_needs_before_it_computes_anything()
    {
        Film.LinkPrograms(_bench.Folder, "dotnet");

        var outcome = await GrainyProgram.RunWithAsync(
            ("PATH", _bench.Folder), "blend", _bench.Ramp(64, "a.png"), _bench.Ramp(64, "b.png"), "--animation", "mp4", "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("MP4 needs the program ffmpeg, which is not installed on this machine");
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Blend_should_fit_images_say_so_and_mix_three_of_them()
    {
        var outcome = await GrainyProgram.RunAsync(
            "blend", _bench.Ramp(64, "a.png"), _bench.Ramp(80, "b.png"), _bench.Ramp(64, "c.png"),
            "--weights", "1,1,2", "--metric", "l2", "--iterations", "10", "--align", "fit", "--out", _bench["out"], "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Json.GetProperty("preparation").EnumerateArray().ShouldHaveSingleItem().GetString().ShouldBe("Image 2 scaled by 0.8 from 80 × 80 to 64 × 64.");
        var frame = outcome.Json.GetProperty("frames").EnumerateArray().ShouldHaveSingleItem();
        frame.GetProperty("weights").EnumerateArray().Select(weight => weight.GetDouble()).ShouldBe([0.25, 0.25, 0.5]);
        frame.GetProperty("metric").GetString().ShouldBe("l2");
    }

    [Fact]
    public async Task Blend_should_average_exposures_beside_the_mean_of_pixels()
    {
        var ramp = _bench.Ramp(64, "a.png");

        var outcome = await GrainyProgram.RunAsync("blend", ramp, ramp, "--average", "--metric", "l2", "--iterations", "10", "--out", _bench["out"], "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Json.GetProperty("average").GetProperty("fineKept").GetDouble().ShouldBe(1, 0.02);
        File.Exists(Path.Combine(_bench["out"], "pixel-mean.png")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("--weights", "0.5", "'0.5' does not fit --weights")]
    [InlineData("--spacing", "nice", "'nice' does not fit --spacing: it must be even or weights")]
    [InlineData("--metric", "psnr", "No blend can be computed under 'psnr'")]
    public async Task Blend_should_refuse_what_makes_no_sense_in_one_sentence(string option, string value, string sentence)
    {
        var outcome = await GrainyProgram.RunAsync("blend", _bench.Ramp(64, "a.png"), _bench.Ramp(64, "b.png"), option, value, "--out", _bench["out"]);

        outcome.ExitCode.ShouldNotBe(0);
        outcome.ErrorLines[0].ShouldContain(sentence);
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Blend_should_refuse_images_of_different_sizes_before_it_makes_a_folder()
    {
        var outcome = await GrainyProgram.RunAsync("blend", _bench.Ramp(64, "a.png"), _bench.Ramp(96, "b.png"), "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("96");
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }
}
