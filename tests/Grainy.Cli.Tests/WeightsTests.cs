using Grainy.TestKit;

namespace Grainy.Cli.Tests;

public sealed class WeightsTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Import_should_recognise_a_legacy_file_by_its_content_and_list_should_find_it()
    {
        var file = Directory.GetFiles(SharedData.Require("weights/pth"), "*alex*").Order().First();
        File.Copy(file, _bench["any-name.bin"]);

        var imported = await GrainyProgram.RunAsync("weights", "import", _bench["any-name.bin"], "--weights", _bench["weights"], "--json");
        var listed = await GrainyProgram.RunAsync("weights", "verify", "--weights", _bench["weights"], "--json");

        imported.ExitCode.ShouldBe(0, imported.Error);
        imported.Json[0].GetProperty("name").GetString().ShouldBe("lpips_lin_v0.1_alex");
        listed.ExitCode.ShouldBe(0, listed.Error);
        var entry = listed.Json.EnumerateArray().Single(weights => weights.GetProperty("name").GetString() == "lpips_lin_v0.1_alex");
        entry.GetProperty("origin").GetString().ShouldNotBeNull().ShouldStartWith(_bench["weights"]);
        entry.GetProperty("verified").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Import_should_refuse_what_holds_no_weights()
    {
        await File.WriteAllTextAsync(_bench["notes.pth"], "a shopping list", TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("weights", "import", _bench["notes.pth"], "--weights", _bench["weights"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines[0].ShouldContain("notes.pth");
        Directory.Exists(_bench["weights"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Verify_should_fail_on_a_damaged_file_and_say_which()
    {
        Directory.CreateDirectory(_bench["weights"]);
        await File.WriteAllTextAsync(Path.Combine(_bench["weights"], "alexnet_features.safetensors"), "damaged", TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("weights", "verify", "--weights", _bench["weights"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.Output.ShouldContain("unusable");
        outcome.Error.ShouldContain("alexnet_features");
    }
}
