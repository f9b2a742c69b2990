namespace Grainy.Cli.Tests;

public sealed class UsageTests
{
    [Theory]
    [InlineData("there is no command 'nix'", "nix")]
    [InlineData("Required command was not provided")]
    [InlineData("'x' does not fit --threads", "doctor", "--threads", "x")]
    [InlineData("'extra'", "doctor", "extra")]
    [InlineData("there is no option '--device'", "train", "a.png", "--device", "cuda:0", "--out", "m.grainy")]
    [InlineData("there is no option '-x'", "info", "-x")]
    public async Task Program_should_say_in_one_line_what_is_wrong_and_how_it_is_used(string expected, params string[] arguments)
    {
        var outcome = await GrainyProgram.RunAsync(arguments);

        outcome.ExitCode.ShouldBe(2);
        outcome.Output.ShouldBeEmpty();
        outcome.ErrorLines[0].ShouldStartWith("grainy: ");
        outcome.ErrorLines[0].ShouldContain(expected);
        outcome.ErrorLines[1].ShouldStartWith("usage: grainy ");
    }

    [Fact]
    public async Task Help_should_begin_with_examples()
    {
        var outcome = await GrainyProgram.RunAsync("doctor", "--help");

        outcome.ExitCode.ShouldBe(0);
        outcome.Output.ShouldStartWith("Examples:\n  grainy doctor\n");
    }
}
