using System.Text.Json;

namespace Grainy.Cli.Tests;

public sealed class TrustTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    // 128² samples: the standard error of the noise's strength is under 1 %; the clean image is the best result there can be.
    [Fact]
    public async Task Trust_should_pass_the_truth_and_find_fault_with_the_input()
    {
        var clean = _bench.Ramp(128, "clean.png");
        (await GrainyProgram.RunAsync("corrupt", clean, "--gaussian", "25", "--frames", "2", "--out", _bench["n.tif"])).ExitCode.ShouldBe(0);

        var good = await GrainyProgram.RunAsync("trust", _bench["n-1.tif"], clean, "--sigma", "25", "--second", _bench["n-2.tif"], "--json");
        var lazy = await GrainyProgram.RunAsync("trust", _bench["n-1.tif"], _bench["n-1.tif"], "--sigma", "25");

        good.ExitCode.ShouldBe(0, good.Error);
        good.Json.GetProperty("residual").GetProperty("remarks").GetArrayLength().ShouldBe(0);
        good.Json.GetProperty("residual").GetProperty("sigma").GetDouble().ShouldBe(25 / 255.0, 0.005);
        good.Json.GetProperty("pair").GetProperty("noisyPsnr").GetDouble().ShouldBe(20.17, 0.3);
        lazy.Output.ShouldContain("noise was left in");
    }

    [Fact]
    public async Task Trust_should_refuse_images_of_different_size()
    {
        var outcome = await GrainyProgram.RunAsync("trust", _bench.Ramp(64, "a.png"), _bench.Ramp(48, "b.png"));

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("differ in size");
    }

    [Fact]
    public async Task Denoise_should_report_on_its_results()
    {
        (await GrainyProgram.RunAsync("corrupt", _bench.Ramp(96, "clean.png"), "--gaussian", "25", "--out", _bench["n.tif"])).ExitCode.ShouldBe(0);

        var outcome = await GrainyProgram.RunAsync("denoise", _bench["n.tif"], "--model", "builtin", "--sigma", "25", "--out", _bench["out"], "--report", _bench["report.json"], "--quiet");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var report = JsonDocument.Parse(await File.ReadAllTextAsync(_bench["report.json"], TestContext.Current.CancellationToken)).RootElement[0];
        report.GetProperty("residual").GetProperty("sigma").GetDouble().ShouldBeInRange(0.04, 0.12);
        report.GetProperty("domain").ValueKind.ShouldBe(JsonValueKind.Array);
    }
}
