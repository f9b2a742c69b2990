using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Trust;

namespace Grainy.Core.Tests.Trust;

public sealed class StopAdviserTests
{
    [Fact]
    public void A_rising_curve_should_go_on() => Advise(i => 20 + (0.3 * i), 24).Verdict.ShouldBe(StopVerdict.GoOn);

    [Fact]
    public void A_flat_end_should_be_a_plateau() => Advise(i => 30 - (8 * Math.Exp(-i / 3.0)), 40).Verdict.ShouldBe(StopVerdict.Plateau);

    [Fact]
    public void A_fall_after_the_best_should_be_overfitting_and_name_the_best_step()
    {
        var advice = Advise(i => 30 - (0.01 * (i - 15) * (i - 15)), 40);

        advice.Verdict.ShouldBe(StopVerdict.Overfitting);
        advice.BestStep.ShouldBeInRange(1_000, 2_000);
    }

    [Fact]
    public void A_loss_should_be_read_the_other_way_round() =>
        StopAdviser.Advise([.. Enumerable.Range(0, 24).Select(i => new ValidationPoint(100 * i, i, -0.3 * i))], higherIsBetter: false).Verdict.ShouldBe(StopVerdict.GoOn);

    [Fact]
    public void Few_measurements_should_be_too_early()
    {
        Advise(i => i, 5).Verdict.ShouldBe(StopVerdict.TooEarly);
        Advise(i => i, 0).BestStep.ShouldBe(0);
    }

    // Standing still is taken for a gain or a loss in fewer than one of 20 runs, since the scatter itself is estimated; the seeds are fixed.
    [Fact]
    public void Scatter_alone_should_rarely_be_taken_for_a_trend() =>
        Enumerable.Range(1, 200).Count(seed => Advise(_ => 30, 40, (ulong)seed).Verdict != StopVerdict.Plateau).ShouldBeLessThan(10);

    private static StopAdvice Advise(Func<int, double> curve, int count, ulong seed = 1)
    {
        var random = CounterRandom.For(seed, "test.adviser");
        return StopAdviser.Advise([.. Enumerable.Range(0, count).Select(i => new ValidationPoint(100 * i, i, curve(i) + (0.05 * random.NextNormal())))], higherIsBetter: true);
    }
}
