namespace Grainy.Cli.Tests;

[Trait("Category", "slow")]
public sealed class ExperimentTests : IDisposable
{
    private readonly Workbench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Too_few_scenes_should_be_refused_before_any_training()
    {
        var outcome = await GrainyProgram.RunAsync("experiment", "pairs", _bench.Ramp(96, "one.png"), "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("give more or larger images");
        Directory.Exists(_bench["out"]).ShouldBeFalse();
    }

    [Fact]
    public async Task Results_of_another_experiment_should_not_be_mixed_in()
    {
        Directory.CreateDirectory(_bench["out"]);
        await File.WriteAllTextAsync(Path.Combine(_bench["out"], "experiment.csv"), "# budget; preset full\ncase\n", TestContext.Current.CancellationToken);

        var outcome = await GrainyProgram.RunAsync("experiment", "pairs", _bench.Ramp(300, "nine.png"), "--out", _bench["out"]);

        outcome.ExitCode.ShouldBe(1);
        outcome.ErrorLines.ShouldHaveSingleItem().ShouldContain("belongs to another experiment (budget; preset full)");
    }

    [Theory]
    [InlineData("give one kind of noise", "budget", "--gaussian", "25", "--poisson", "30")]
    [InlineData("'huge' does not fit --preset", "budget", "--preset", "huge")]
    public async Task Wrong_arguments_should_be_refused(string expected, string question, params string[] arguments)
    {
        var outcome = await GrainyProgram.RunAsync(["experiment", question, _bench.Ramp(32, "a.png"), "--out", _bench["out"], .. arguments]);

        outcome.ExitCode.ShouldBe(2);
        outcome.ErrorLines[0].ShouldContain(expected);
    }
}
