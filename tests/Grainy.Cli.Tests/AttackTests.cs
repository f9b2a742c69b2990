using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.TestKit;

namespace Grainy.Cli.Tests;

public sealed class AttackTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Attack_should_write_pictures_a_sheet_and_a_report_whose_numbers_score_repeats()
    {
        var outcome = await GrainyProgram.RunAsync(
            "attack", Waves("r.png"), Tiles("t.png"), "--metric", "builtin,ssim", "--noise", "0.1", "--steps", "12", "--snapshots", "2", "--witness", "psnr", "--out", _bench["out"], "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        Directory.GetFiles(_bench["out"]).Select(Path.GetFileName).Order().ShouldBe(
            ["anchor.png", "reference.png", "report.json", "result.png", "result.tif", "sheet.png", "step-000006.png", "step-000012.png", "target.png"]);
        (await File.ReadAllTextAsync(Path.Combine(_bench["out"], "report.json"), TestContext.Current.CancellationToken)).TrimEnd().ShouldBe(outcome.Output.TrimEnd());
        ImageReader.Read(Path.Combine(_bench["out"], "result.tif")).Facts.IsFloat.ShouldBeTrue();
        var verdicts = outcome.Json.GetProperty("verdicts").EnumerateArray().ToArray();
        verdicts.Select(verdict => (verdict.GetProperty("metric").GetString(), verdict.GetProperty("role").GetString()))
            .ShouldBe([("builtin", "attacked"), ("ssim", "attacked"), ("psnr", "witness")]);
        var again = await GrainyProgram.RunAsync("score", Path.Combine(_bench["out"], "reference.png"), Path.Combine(_bench["out"], "result.png"), "--metric", "builtin", "--json");
        var value = verdicts[0].GetProperty("picture").GetProperty("value").GetDouble();
        again.Json.GetProperty("value").GetDouble().ShouldBe(value, 1e-6 * value);
        outcome.Json.GetProperty("sentences")[0].GetString().ShouldNotBeNull().ShouldStartWith("The picture is ");
    }

    [Trait("Category", "slow")]
    [Fact]
    public async Task Push_apart_should_keep_to_its_budget_and_say_what_came_out()
    {
        var outcome = await GrainyProgram.RunAsync(
            "attack", Waves("r.png"), "--push-apart", "--psnr", "36", "--change", "9", "--metric", "builtin", "--steps", "20", "--witness", "none", "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        outcome.Output.Split('\n')[1].ShouldStartWith("builtin is ");
        outcome.Output.ShouldContain("result.png is what was judged");
        File.Exists(Path.Combine(_bench["out"], "target.png")).ShouldBeFalse();
        var (reference, result) = (ImageReader.Read(Path.Combine(_bench["out"], "reference.png")).Image, ImageReader.Read(Path.Combine(_bench["out"], "result.png")).Image);
        ImageFixtures.PeakSignalToNoise(reference, result).ShouldBeGreaterThanOrEqualTo(36);
        reference.Planes.Zip(result.Planes, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(9.5f / 255);
    }

    [Fact]
    public async Task Attack_should_keep_its_best_picture_when_it_is_interrupted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "sends SIGINT with kill");

        var outcome = await GrainyProgram.RunAsync(
            async process =>
            {
                // The first line may still tell of the anchor.
                string? line;
                do
                {
                    line = await process.StandardError.ReadLineAsync(TestContext.Current.CancellationToken);
                }
                while (line?.Contains("step", StringComparison.Ordinal) == false);

                line.ShouldNotBeNull();
                using var kill = Process.Start("kill", ["-INT", $"{process.Id}"]);
                await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
                await process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
            },
            "attack", Waves("r.png"), Tiles("t.png"), "--metric", "builtin", "--steps", "100000", "--out", _bench["out"], "--json");

        outcome.ExitCode.ShouldBe(130);
        outcome.Json.GetProperty("interrupted").GetBoolean().ShouldBeTrue();
        outcome.Json.GetProperty("steps").GetInt32().ShouldBeGreaterThan(0);
        ImageReader.Read(Path.Combine(_bench["out"], "result.png")).Image.Width.ShouldBe(64);
    }

    [Theory]
    [InlineData("the target is missing", "r.png")]
    [InlineData("there is no target", "r.png", "t.png", "--push-apart")]
    [InlineData("--noise has no meaning", "r.png", "--push-apart", "--noise", "0.1")]
    [InlineData("belong to --push-apart", "r.png", "t.png", "--psnr", "30")]
    [InlineData("there is no --noise", "r.png", "t.png", "--noise", "0.1", "--anchor", "b.png")]
    [InlineData("a share of the range", "r.png", "t.png", "--noise", "25")]
    [InlineData("there is no metric 'vmaf'", "r.png", "t.png", "--metric", "vmaf")]
    public async Task Attack_should_say_which_arguments_make_no_sense(string expected, params string[] arguments)
    {
        var outcome = await GrainyProgram.RunAsync(["attack", .. arguments, "--out", _bench["out"]]);

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain(expected);
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Attack_should_refuse_an_anchor_that_is_the_reference()
    {
        var reference = Waves("r.png");

        var outcome = await GrainyProgram.RunAsync("attack", reference, Tiles("t.png"), "--metric", "builtin", "--anchor", reference, "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("The anchor is the same picture as the reference");
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }

    private string Waves(string name) => _bench.Save(ImageFixtures.Waves(3, 64, 64), name);

    private string Tiles(string name) => _bench.Save(ImageFixtures.Make(3, 64, 64, (c, y, x) => (((x / 8) + (y / 8) + c) % 4) / 4.0), name);
}
