using System.Text.Json;

namespace Grainy.Cli.Tests;

public sealed class DoctorTests
{
    [Fact]
    public async Task Doctor_should_find_the_native_libraries_that_the_build_put_beside_the_program()
    {
        var outcome = await GrainyProgram.RunAsync("doctor", "--json");

        outcome.ExitCode.ShouldBe(0, outcome.Output);
        outcome.Json.GetProperty("ok").GetBoolean().ShouldBeTrue();
        var checks = outcome.Json.GetProperty("checks").EnumerateArray().ToDictionary(check => check.GetProperty("check").GetString()!);
        checks["tensor library"].GetProperty("found").GetString().ShouldStartWith("libtorch ");
        checks["image library"].GetProperty("found").GetString().ShouldStartWith("libvips ");
        checks["tensor library"].GetProperty("remedy").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Doctor_should_print_a_line_per_check_for_people()
    {
        var outcome = await GrainyProgram.RunAsync("doctor");

        outcome.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldAllBe(line => line.StartsWith("ok "));
        outcome.Output.ShouldNotContain("\u001b");
    }
}
