using System.Text.Json;
using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

public sealed class ScoreTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    // LPIPS v0.1 on AlexNet of the example pair; computed in double precision from the published weights, printed as 0.722 by the upstream project.
    [Fact]
    public async Task Score_should_give_the_published_value_of_the_example_pair()
    {
        var folder = SharedData.Require("data/metrics/lpips");

        var outcome = await GrainyProgram.RunAsync(
            "score", Path.Combine(folder, "ex_ref.png"), Path.Combine(folder, "ex_p0.png"), "--metric", "lpips-alex", "--json", "--weights", SharedData.Require("weights"));

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Json.GetProperty("metric").GetString().ShouldBe("lpips-alex");
        outcome.Json.GetProperty("value").GetDouble().ShouldBe(0.72188067, 1e-5);
        outcome.Json.GetProperty("standardError").ValueKind.ShouldBe(JsonValueKind.Null);
        outcome.Json.GetProperty("samples").GetInt32().ShouldBe(1);
        outcome.Json.GetProperty("fingerprint").GetString().ShouldNotBeNull().ShouldContain("alex");
    }

    [Fact]
    public async Task Score_should_repeat_an_estimate_with_its_doubt_from_the_same_seed()
    {
        var folder = SharedData.Require("data/metrics/lpips");
        string[] arguments =
        [
            "score", Path.Combine(folder, "ex_ref.png"), Path.Combine(folder, "ex_p1.png"), "--metric", "elpips-squeeze", "--samples", "8", "--seed", "7", "--json",
            "--weights", SharedData.Require("weights"),
        ];

        var first = await GrainyProgram.RunAsync(arguments);
        var second = await GrainyProgram.RunAsync(arguments);

        first.ExitCode.ShouldBe(0, first.Error);
        first.Output.ShouldBe(second.Output);
        first.Json.GetProperty("standardError").GetDouble().ShouldBeGreaterThan(0);
        (first.Json.GetProperty("samples").GetInt32(), first.Json.GetProperty("seed").GetInt32()).ShouldBe((8, 7));
    }

    [Fact]
    public async Task Score_should_give_several_metrics_as_a_list()
    {
        var clean = _bench.Save(new ImageBuffer(1, 32, 32, [.. Enumerable.Repeat(0.2f, 1024)]), "a.png");
        var off = _bench.Save(new ImageBuffer(1, 32, 32, [.. Enumerable.Repeat(0.4f, 1024)]), "b.png");

        var outcome = await GrainyProgram.RunAsync("score", clean, off, "--metric", "psnr,ssim", "--json");

        // An error of 51/255 everywhere: 10·log10(25).
        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Json[0].GetProperty("value").GetDouble().ShouldBe(10 * Math.Log10(25), 1e-4);
        outcome.Json[1].GetProperty("metric").GetString().ShouldBe("ssim");
    }

    [Fact]
    public async Task Score_should_write_the_infinite_psnr_of_equal_images_as_a_string()
    {
        var image = _bench.Ramp(32, "a.png");

        var outcome = await GrainyProgram.RunAsync("score", image, image, "--metric", "psnr", "--json");

        outcome.Json.GetProperty("value").GetString().ShouldBe("Infinity");
    }

    [Fact]
    public async Task Score_should_say_why_two_images_cannot_be_compared()
    {
        var outcome = await GrainyProgram.RunAsync("score", _bench.Ramp(32, "a.png"), _bench.Ramp(48, "b.png"), "--metric", "psnr");

        outcome.ExitCode.ShouldBe(1);
        outcome.Output.ShouldBeEmpty();
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("48");
    }

    [Fact]
    public async Task Score_should_refuse_an_unknown_metric()
    {
        var outcome = await GrainyProgram.RunAsync("score", "a.png", "b.png", "--metric", "vmaf");

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain("there is no metric 'vmaf'");
        outcome.ErrorLines[1].ShouldStartWith("usage: grainy score <reference> <images>...");
    }
}
