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
            "blend", a, b, "--steps", "3", "--size", "64", "--iterations", "10", "--out", _bench["out"], "--json", "--weights", SharedData.Require("weights"));

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var frames = outcome.Json.EnumerateArray().ToArray();
        frames.Select(frame => frame.GetProperty("weight").GetDouble()).ShouldBe([0, 0.5, 1]);
        frames.Select(frame => Path.GetFileName(frame.GetProperty("file").GetString())).ShouldBe(["frame-00.png", "frame-01.png", "frame-02.png"]);
        frames[1].GetProperty("energy").GetDouble().ShouldBeInRange(double.Epsilon, frames[1].GetProperty("mixEnergy").GetDouble());
        ImageReader.Read(Path.Combine(_bench["out"], "frame-01.png")).Image.HasSizeOf(ImageReader.Read(a).Image).ShouldBeTrue();
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
