using System.Net;
using System.Text.RegularExpressions;
using Grainy.TestKit;

namespace Grainy.Host.Tests;

/// <summary>What the compose file says, run as plain processes: its command, its environment, its health check, its stop.</summary>
public sealed partial class ComposeTests
{
    [Fact]
    public async Task Service_should_start_become_healthy_and_stop_in_time()
    {
        var compose = await File.ReadAllTextAsync(RepositoryRoot.Combine("docker-compose.yml"), TestContext.Current.CancellationToken);
        using var data = new TemporaryFolder();
        var address = new Uri($"http://127.0.0.1:{ServerProcess.FreePort()}");
        var command = Words(Value(compose, "command"));
        var environment = Environment().Matches(compose).ToDictionary(match => match.Groups["name"].Value, match => match.Groups["value"].Value);
        var check = Words(Value(compose, "test"));
        var grace = int.Parse(Value(compose, "stop_grace_period").TrimEnd('s'), null);

        // The container's own paths and port become this machine's; all else is as it is written.
        command[^1].ShouldBe("Grainy.Host.dll");
        command[^1] = ServerProcess.Program;
        environment["ASPNETCORE_URLS"].ShouldBe("http://0.0.0.0:5080");
        environment["ASPNETCORE_URLS"] = environment["ASPNETCORE_URLS"].Replace("5080", $"{address.Port}", StringComparison.Ordinal);
        compose.ShouldContain($"grainy-data:{environment["Grainy__Data"]}");
        environment["Grainy__Data"] = data.Path;
        check[0].ShouldBe("CMD");
        check[^1].ShouldBe("http://127.0.0.1:5080/health/ready");

        await using var server = await ServerProcess.StartAsync(command, environment, address);
        using var health = System.Diagnostics.Process.Start(check[1], [.. check[2..^1], check[^1].Replace("5080", $"{address.Port}", StringComparison.Ordinal)]);
        await health.WaitForExitAsync(TestContext.Current.CancellationToken);
        using var owner = await Browser.SignedInAsync(server);
        using var page = await owner.GetAsync("/library");
        var stop = await server.StopAsync();

        health.ExitCode.ShouldBe(0);
        new Uri(server.StartLink).Host.ShouldBe("localhost");
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        stop.ShouldBeLessThan(TimeSpan.FromSeconds(10));
        grace.ShouldBeGreaterThan(10);
        Directory.EnumerateFiles(data.Path).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Image_should_be_made_as_the_compose_file_expects()
    {
        var docker = await File.ReadAllTextAsync(RepositoryRoot.Combine("deploy", "Dockerfile"), TestContext.Current.CancellationToken);

        docker.ShouldContain("ENTRYPOINT [\"dotnet\", \"Grainy.Host.dll\"]");
        docker.ShouldContain("ARG ACCELERATOR=cpu");
        docker.ShouldContain("USER $APP_UID");
        docker.ShouldContain("VOLUME /data");
        docker.ShouldContain("HEALTHCHECK");
        Directory.Exists(RepositoryRoot.Combine(Publish().Match(docker).Groups["project"].Value)).ShouldBeTrue();
    }

    private static string Value(string compose, string key) => Regex.Match(compose, $@"^\s+{key}: (?<value>.+)$", RegexOptions.Multiline).Groups["value"].Value.Trim();

    private static string[] Words(string list) => [.. Regex.Matches(list, "\"(?<word>[^\"]*)\"").Select(match => match.Groups["word"].Value)];

    [GeneratedRegex(@"^      (?<name>[A-Za-z_]+): (?<value>\S+)$(?=[\s\S]*^    ports:)", RegexOptions.Multiline)]
    private static partial Regex Environment();

    [GeneratedRegex(@"dotnet publish (?<project>\S+)")]
    private static partial Regex Publish();
}
