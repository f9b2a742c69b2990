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

    [Fact]
    public async Task Pull_should_fetch_what_a_metric_lacks_and_leave_what_is_here()
    {
        var head = await File.ReadAllBytesAsync(SharedData.Require("weights/pth/lpips_v0.1_alex.pth"), TestContext.Current.CancellationToken);
        using var server = new FileServer(request => request.Target == "/mirror/alex.pth" ? FileAnswer.Ranged(head, request, "\"v1\"") : FileAnswer.Of(404));
        string[] arguments = ["weights", "pull", "lpips_lin_v0.1_alex", "lpips-alex", "--from", $"{server.Address}mirror/", "--weights", _bench["weights"], "--json"];

        var first = await GrainyProgram.RunAsync(arguments);
        var second = await GrainyProgram.RunAsync([.. arguments[..3], .. arguments[4..]]);

        // The backbone is not on this mirror; the heads are, and stay.
        first.ExitCode.ShouldBe(1);
        first.Json[0].GetProperty("state").GetString().ShouldBe("fetched");
        first.Json[1].GetProperty("name").GetString().ShouldBe("alexnet_features");
        first.ErrorLines.ShouldHaveSingleItem().ShouldStartWith(
            $"grainy: alexnet_features cannot be fetched from {server.Address}mirror/alexnet-owt-7be5be79.pth (the server answers 404 Test): ");
        second.ExitCode.ShouldBe(0, second.Error);
        second.Json[0].GetProperty("state").GetString().ShouldBe("here");
        server.Requests.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Pull_should_take_the_proxy_from_the_environment()
    {
        var head = await File.ReadAllBytesAsync(SharedData.Require("weights/pth/lpips_v0.1_vgg.pth"), TestContext.Current.CancellationToken);
        using var proxy = new FileServer(request => FileAnswer.Ranged(head, request, "\"v1\""));

        // The name exists nowhere: only the proxy can have answered.
        var outcome = await GrainyProgram.RunWithAsync(
            ("http_proxy", proxy.Address.ToString()), "weights", "pull", "lpips_lin_v0.1_vgg", "--from", "http://weights.invalid", "--weights", _bench["weights"]);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        proxy.Requests.Single().Target.ShouldBe("http://weights.invalid/vgg.pth");
    }

    [Theory]
    [InlineData("there are no weights 'vgg'", "weights", "pull", "vgg")]
    [InlineData("psnr needs no weights", "weights", "pull", "psnr")]
    [InlineData("'ftp://x' does not fit --from: it must be an address that begins with http:// or https://", "weights", "pull", "all", "--from", "ftp://x")]
    public async Task Pull_should_say_what_cannot_be_fetched(string expected, params string[] arguments)
    {
        var outcome = await GrainyProgram.RunAsync(arguments);

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain(expected);
    }

    [Fact]
    public async Task List_should_tell_where_missing_weights_come_from_and_what_needs_them()
    {
        var outcome = await GrainyProgram.RunAsync("weights", "list", "--json", "--weights", Directory.CreateDirectory(_bench["weights"]).FullName);

        outcome.ExitCode.ShouldBe(0, outcome.Error);
        var vgg = outcome.Json.EnumerateArray().Single(weights => weights.GetProperty("name").GetString() == "vgg16_features");
        vgg.GetProperty("address").GetString().ShouldBe("https://download.pytorch.org/models/vgg16-397923af.pth");
        vgg.GetProperty("bytes").GetInt64().ShouldBe(553_433_881);
        vgg.GetProperty("licence").GetString().ShouldBe("BSD-3-Clause");
        vgg.GetProperty("metrics").EnumerateArray().Select(metric => metric.GetString()).ShouldBe(["lpips-vgg", "elpips-vgg", "elpips-lpips-vgg"]);
    }
}
