using Grainy.Core.Training;

namespace Grainy.Core.Tests.Training;

public sealed class TrainingSettingsTests
{
    [Fact]
    public void Settings_should_default_to_two_minutes() => new TrainingSettings().Validated().BudgetSeconds.ShouldBe(120);

    [Fact]
    public void Settings_should_refuse_what_makes_no_sense()
    {
        Refusal(new TrainingSettings { Preset = "tiny" }).ShouldContain("choose compact or full");
        Refusal(new TrainingSettings { BudgetSeconds = 10, Steps = 10 }).ShouldContain("not both");
        Refusal(new TrainingSettings { BudgetSeconds = 0.5 }).ShouldContain("1 to 86,400");
        Refusal(new TrainingSettings { Steps = 0 }).ShouldContain("0 steps");
        Refusal(new TrainingSettings { NoiseSigma = -1 }).ShouldContain("σ = -1");
        Refusal(new TrainingSettings { CropSize = 100 }).ShouldContain("100 px");
        Refusal(new TrainingSettings { BatchSize = 65 }).ShouldContain("65 crops");
        Refusal(new TrainingSettings { LearningRate = double.NaN }).ShouldContain("learning rate");
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.025, 0.5)]
    [InlineData(0.05, 1)]
    [InlineData(0.6, 1)]
    [InlineData(0.8, 0.25)]
    [InlineData(1, 0)]
    public void Learning_rate_should_rise_stay_and_fall(double fraction, double expected) => LearningRateSchedule.Factor(fraction).ShouldBe(expected, 1e-9);

    private static string Refusal(TrainingSettings settings) => Should.Throw<ArgumentException>(() => settings.Validated()).Message;
}
