using Grainy.Core.Denoising.ZeroShot;
using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using Grainy.Core.Training.ZeroShot;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising.ZeroShot;

[LeavesNoTensors]
public sealed class ZeroShotTests
{
    [Theory]
    [InlineData(3, 22_275)] // Mansour, Heckel 2023
    [InlineData(1, 21_313)]
    public void Network_should_have_the_papers_parameters(int channels, int expected) => new ZeroShotLayout(channels).ParameterCount.ShouldBe(expected);

    [Fact]
    public void Halves_should_be_means_over_the_two_diagonals()
    {
        using var scope = NewDisposeScope();
        var x = tensor(new float[] { 1, 2, 3, 4, 5, 6, 7, 8 }, [1, 1, 2, 4]); // cells 1 2 / 5 6 and 3 4 / 7 8

        var (rising, falling) = ZeroShotLoss.Halves(x);

        rising.ToFloats().ShouldBe([3.5f, 5.5f]);
        falling.ToFloats().ShouldBe([3.5f, 5.5f]);
        ZeroShotLoss.Halves(tensor(new float[] { 1, 0, 0, 0 }, [1, 1, 2, 2])).Falling.ToFloats().ShouldBe([0.5f]);
        ZeroShotLoss.Halves(tensor(new float[] { 0, 1, 0, 0 }, [1, 1, 2, 2])).Rising.ToFloats().ShouldBe([0.5f]);
    }

    [Fact]
    public void Loss_should_equal_the_papers_formula_in_double_precision()
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = new ZeroShotNetwork(new ZeroShotLayout(1), type: float64);
        network.Parameters.Initialise(new SeedSequence(1));
        using var generator = new Generator(1);
        var y = rand([1, 1, 8, 10], dtype: float64, generator: generator);
        var (rising, falling) = ZeroShotLoss.Halves(y);
        var (a, b) = (Values(rising), Values(falling));
        var (fa, fb) = (Values(network.Predict(rising)), Values(network.Predict(falling)));
        var (wholeRising, wholeFalling) = ZeroShotLoss.Halves(network.Predict(y));
        var (wa, wb) = (Values(wholeRising), Values(wholeFalling));
        var counts = Enumerable.Range(0, a.Length).Select(i => i % 5 == 0 ? 0.0 : 1).ToArray();

        double[] residual = [.. a.Select((_, i) => (Square(a[i] - fb[i]) + Square(b[i] - fa[i])) / 2)];
        var expected = Mean(i => residual[i] + ((Square(fa[i] - wa[i]) + Square(fb[i] - wb[i])) / 2), 1);

        ZeroShotLoss.Training(network, y, tensor(counts, [1, 1, 4, 5])).item<double>().ShouldBe(expected, 1e-9);
        ZeroShotLoss.HeldOut(network, y, tensor(counts, [1, 1, 4, 5])).item<double>().ShouldBe(Mean(i => residual[i], 0), 1e-9);

        double Mean(Func<int, double> value, double kind) => Enumerable.Range(0, counts.Length).Where(i => counts[i] == kind).Average(value);
        static double[] Values(Tensor t) => t.contiguous().data<double>().ToArray();
        static double Square(double value) => value * value;
    }

    [Fact]
    public void Rule_should_halve_the_rate_and_then_end_when_nothing_gets_better()
    {
        var rule = new PlateauRule(patience: 2, halvings: 1, margin: 0.01);

        rule.Observe(1).ShouldBeTrue();
        rule.Observe(0.9).ShouldBeTrue();
        rule.Observe(0.895).ShouldBeFalse(); // less than a hundredth better
        rule.Rate.ShouldBe(1);
        rule.Observe(0.95).ShouldBeFalse();
        rule.Rate.ShouldBe(0.5);
        rule.Observe(0.8).ShouldBeTrue();
        rule.Observe(double.NaN).ShouldBeFalse();
        rule.Observe(0.9).ShouldBeFalse();
        rule.Ended.ShouldBeTrue();
        rule.Best.ShouldBe(0.8);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Quick_path_should_stop_by_itself_and_gain_four_decibels()
    {
        var clean = ImageFixtures.Waves(1, 40, 40);
        var noisy = GaussianNoise.Corrupt(clean, 0.15, 1);

        var updates = ZeroShotDenoiser.Run(noisy, new ZeroShotSettings(), TestContext.Current.CancellationToken, new NoTime()).ToList();

        var last = updates[^1];
        last.End.ShouldBe(ZeroShotEnd.Settled);
        last.Step.ShouldBeInRange(100, 2_900);
        updates[..^1].ShouldAllBe(update => update.Result == null && update.Fraction < 1);
        ImageFixtures.PeakSignalToNoise(last.Result!, clean).ShouldBeGreaterThan(ImageFixtures.PeakSignalToNoise(noisy, clean) + 4);
        // What is held out carries half the variance of a pixel, and a little more for what the network misses.
        last.HeldOut!.Value.ShouldBeInRange(0.6 * 0.15 * 0.15 / 2, 1.6 * 0.15 * 0.15 / 2);
    }

    [Fact]
    public void Quick_path_should_refuse_what_it_cannot_learn_from()
    {
        Should.Throw<ArgumentException>(() => ZeroShotDenoiser.Run(ImageFixtures.Waves(1, 20, 20), new(), TestContext.Current.CancellationToken))
            .Message.ShouldContain("20 × 20 pixels is too small to learn from");
        Should.Throw<ArgumentException>(() => ZeroShotDenoiser.Run(ImageFixtures.Waves(1, 40, 40), new() { MostSteps = 0 }, TestContext.Current.CancellationToken))
            .Message.ShouldContain("0 steps");
    }

    private sealed class NoTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }
}
