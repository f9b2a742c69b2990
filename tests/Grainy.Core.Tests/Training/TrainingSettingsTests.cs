using Grainy.Core.Training;

namespace Grainy.Core.Tests.Training;

public sealed class TrainingSettingsTests
{
    [Fact]
    public void Settings_should_default_to_two_minutes() => new TrainingSettings().Validated().BudgetSeconds.ShouldBe(120);

    [Fact]
    public void Settings_should_refuse_what_makes_no_sense()
    {
        Refusal(new TrainingSettings { Preset = "tiny" }).ShouldContain("choose compact or medium or full");
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
    public void Learning_rate_should_rise_stay_and_fall(double fraction, double expected) => LearningRateSchedule.Factor("short", fraction).ShouldBe(expected, 1e-9);

    // The check values of section 2.7 of the method for a largest rate of 3e-4.
    [Theory]
    [InlineData(0.05, 1.5e-4)]
    [InlineData(0.1, 3e-4)]
    [InlineData(0.7, 3e-4)]
    [InlineData(0.8, 1.687e-4)]
    [InlineData(0.85, 7.5e-5)]
    [InlineData(0.9, 1.875e-5)]
    [InlineData(0.95, 1.35e-6)]
    [InlineData(1, 0)]
    public void Schedule_of_the_paper_should_have_the_published_values(double fraction, double expected)
    {
        var settings = new TrainingSettings { Preset = "full" };

        var rate = settings.EffectiveLearningRate * LearningRateSchedule.Factor(settings.EffectiveSchedule, fraction);

        rate.ShouldBe(expected, (expected * 4e-3) + 1e-12); // three or four digits are published
    }

    [Theory]
    [InlineData("noise2noise", 0, 1)]
    [InlineData("noise2noise", 0.7, 1)]
    [InlineData("noise2noise", 0.85, 0.25)]
    [InlineData("halved", 0.19, 1)]
    [InlineData("halved", 0.5, 0.25)]
    [InlineData("halved", 1, 0.0625)]
    public void Other_schedules_should_fall_as_their_papers_say(string schedule, double fraction, double expected) =>
        LearningRateSchedule.Factor(schedule, fraction).ShouldBe(expected, 1e-9);

    [Theory]
    [InlineData(Optimizers.Muon, 1.5e-3)]
    [InlineData(Optimizers.Adam, 4e-4)]
    public void Start_from_a_trained_model_should_take_smaller_steps(string optimizer, double expected) =>
        new TrainingSettings { StartFrom = Grainy.Core.Denoising.DenoiserModel.BuiltIn, Optimizer = optimizer }.EffectiveLearningRate.ShouldBe(expected, 1e-12);

    [Theory]
    [InlineData(null, "compact", "muon")]
    [InlineData(null, "full", "adam")]
    [InlineData("adam", "compact", "adam")]
    [InlineData("muon", "full", "muon")]
    public void Optimizer_should_be_the_one_that_was_chosen_or_suits_the_network(string? chosen, string preset, string expected) =>
        new TrainingSettings { Optimizer = chosen, Preset = preset }.EffectiveOptimizer.ShouldBe(expected);

    [Fact]
    public void Optimizer_should_be_refused_when_it_is_unknown() => Refusal(new() { Optimizer = "sgd" }).ShouldContain("no optimizer 'sgd'");

    private static string Refusal(TrainingSettings settings) => Should.Throw<ArgumentException>(() => settings.Validated()).Message;
}
