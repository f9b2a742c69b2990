using System.Net.Sockets;

namespace Grainy.Host.Tests;

public sealed class StartTests
{
    [Fact]
    public async Task Server_should_say_in_one_line_that_its_port_is_taken()
    {
        using var data = new TemporaryFolder();
        var port = ServerProcess.FreePort();
        using var other = new TcpListener(System.Net.IPAddress.Loopback, port);
        other.Start();

        var (exitCode, lines) = await ServerProcess.RunToEndAsync("--urls", $"http://127.0.0.1:{port}", "--Grainy:Data", data.Path);

        exitCode.ShouldBe(1);
        lines.ShouldHaveSingleItem().ShouldBe($"Grainy cannot start: Port {port} of 127.0.0.1 is taken by another program; choose another with --urls http://127.0.0.1:{port + 1}.");
    }

    [Fact]
    public async Task Server_should_say_in_one_line_that_its_data_folder_cannot_be_written()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Combine("file");
        await File.WriteAllTextAsync(file, "not a folder", TestContext.Current.CancellationToken);

        var (exitCode, lines) = await ServerProcess.RunToEndAsync("--urls", "http://127.0.0.1:0", "--Grainy:Data", Path.Combine(file, "data"));

        exitCode.ShouldBe(1);
        lines.ShouldHaveSingleItem().ShouldContain("cannot be written; give this user the right to write there");
    }

    [Theory]
    [InlineData("--Grainy:SiloPort", "99999", "Grainy:SiloPort")]
    [InlineData("--Grainy:SiloPort", "many", "many")]
    [InlineData("--Grainy:Devices", "toaster", "Grainy:Devices")]
    [InlineData("--Grainy:Dta", "/tmp/x", "Grainy:Dta")]
    [InlineData("--urls", "nonsense", "nonsense")]
    [InlineData("--url", "http://127.0.0.1:5080", "--url")]
    public async Task Server_should_say_in_one_line_what_is_wrong_with_an_option(string name, string value, string said)
    {
        var (exitCode, lines) = await ServerProcess.RunToEndAsync(name, value);

        exitCode.ShouldBe(1);
        var line = lines.ShouldHaveSingleItem();
        line.ShouldStartWith("Grainy cannot start: ");
        line.ShouldContain(said);
        line.ShouldNotContain("Exception");
    }

    [Fact]
    public async Task Server_should_print_its_usage_when_asked()
    {
        var (exitCode, lines) = await ServerProcess.RunToEndAsync("--help");

        exitCode.ShouldBe(0);
        lines.ShouldHaveSingleItem().ShouldStartWith("usage: ");
    }
}
