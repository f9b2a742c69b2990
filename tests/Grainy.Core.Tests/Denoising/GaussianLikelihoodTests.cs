using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class GaussianLikelihoodTests
{
    private const int Pixels = 50;

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Loss_should_equal_an_independent_computation(int channels)
    {
        var (prediction, observed, variance) = Draw(channels);
        using var p = tensor(Flat(prediction), [prediction.Length, Pixels]);
        using var y = tensor(Flat(observed), [channels, Pixels]);
        using var s = tensor(variance);

        using var loss = GaussianLikelihood.Loss(p, y, s);

        loss.item<double>().ShouldBe(Enumerable.Range(0, Pixels).Average(i => ManagedGaussian.Loss(Column(prediction, i), Column(observed, i), variance[i])), 1e-6);
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void PosteriorMean_should_equal_an_independent_computation(int channels)
    {
        var (prediction, observed, variance) = Draw(channels);
        using var p = tensor(Flat(prediction), [prediction.Length, Pixels]);
        using var y = tensor(Flat(observed), [channels, Pixels]);
        using var s = tensor(variance);

        using var mean = GaussianLikelihood.PosteriorMean(p, y, s);

        var values = mean.ToFloats();
        var expected = Enumerable.Range(0, Pixels).Select(i => ManagedGaussian.PosteriorMean(Column(prediction, i), Column(observed, i), variance[i])).ToArray();
        for (var channel = 0; channel < channels; channel++)
        {
            for (var i = 0; i < Pixels; i++)
            {
                values[(channel * Pixels) + i].ShouldBe((float)expected[i][channel], 1e-6f);
            }
        }
    }

    [Theory]
    [InlineData(9)]
    [InlineData(6)]
    [InlineData(2)]
    public void Noise_of_its_own_strength_in_each_channel_should_equal_an_independent_computation(int outputs)
    {
        var channels = outputs == 2 ? 1 : 3;
        var draw = new GaussianDraw(outputs, Pixels, 17);
        using var p = tensor(Flat(draw.Prediction), [outputs, Pixels]);
        using var y = tensor(Flat(draw.Observed), [channels, Pixels]);
        using var n = tensor(Flat(draw.Noise), [channels, Pixels]);
        using var v = tensor(Flat(draw.Spread), [channels, Pixels]);

        using var loss = GaussianLikelihood.Loss(p, y, n);
        using var expected = GaussianLikelihood.ExpectedLoss(p, y, v, n);
        using var mean = GaussianLikelihood.PosteriorMean(p, y, n);
        using var variance = GaussianLikelihood.PosteriorVariance(p, n);

        loss.item<double>().ShouldBe(draw.Average(column => column.Loss()), 1e-6);
        expected.item<double>().ShouldBe(draw.Average(column => column.ExpectedLoss()), 1e-6);
        mean.ToFloats().ShouldAllBeClose(draw.Rows(column => column.PosteriorMean()), 1e-6);
        variance.ToFloats().ShouldAllBeClose(draw.Rows(column => column.PosteriorVariance()), 1e-6);
    }

    [Fact]
    public void Loss_in_single_precision_should_stay_finite_and_near_for_extreme_predictions()
    {
        // Almost singular clean covariance, far larger than the noise: the differences in the factorisation cancel completely in single precision.
        using var scope = NewDisposeScope();
        var p = Values(0, 0, 0, 30, 30, 30, 0, 30, 0).to(float32).unsqueeze(1).requires_grad_();
        var y = Values(0.1, -0.1, 0.2).to(float32).unsqueeze(1);
        var s = Values(1e-6).to(float32);

        var loss = GaussianLikelihood.Loss(p, y, s);
        loss.backward();

        float.IsFinite(loss.item<float>()).ShouldBeTrue();
        p.grad!.ShouldBeFinite();
        GaussianLikelihood.PosteriorMean(p, y, s).ShouldBeFinite();
    }

    [Theory]
    [InlineData(3)]
    [InlineData(1)]
    public void Single_precision_should_agree_with_double_where_noise_is_ordinary(int channels)
    {
        var (prediction, observed, variance) = Draw(channels);
        using var scope = NewDisposeScope();
        var (p, y, s) = (tensor(Flat(prediction), [prediction.Length, Pixels]), tensor(Flat(observed), [channels, Pixels]), tensor(variance));

        var exact = GaussianLikelihood.Loss(p, y, s).item<double>();
        var single = GaussianLikelihood.Loss(p.to(float32), y.to(float32), s.to(float32)).item<float>();

        ((double)single).ShouldBe(exact, 1e-4 * Math.Max(1, Math.Abs(exact)));
    }

    [Theory]
    [InlineData(5, false, false)]
    [InlineData(8, true, true)]
    [InlineData(4099, false, true)]
    [InlineData(4099, true, false)]
    public void Vector_code_should_agree_with_the_library_in_double_precision(int pixels, bool spread, bool perChannel)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(5);
        var p = (randn([9, pixels], generator: generator) * 0.3f).requires_grad_();
        var y = randn([3, pixels], generator: generator);
        var n = (rand(perChannel ? [3, pixels] : [pixels], generator: generator) * 0.02f).Plus(0.001).detach().requires_grad_();
        var v = spread ? rand([3, pixels], generator: generator) * 0.02f : null;
        var (p64, n64) = (p.detach().to(float64).requires_grad_(), n.detach().to(float64).requires_grad_());

        var loss = v is null ? GaussianLikelihood.Loss(p, y, n) : GaussianLikelihood.ExpectedLoss(p, y, v, n);
        var exact = v is null ? GaussianLikelihood.Loss(p64, y.to(float64), n64) : GaussianLikelihood.ExpectedLoss(p64, y.to(float64), v.to(float64), n64);
        loss.Times(2).backward(retain_graph: true);
        exact.Times(2).backward();

        ((double)loss.item<float>()).ShouldBe(exact.item<double>(), 1e-5 * Math.Abs(exact.item<double>()));
        Off(p.grad!, p64.grad!).ShouldBeLessThan(1e-5);
        Off(n.grad!, n64.grad!).ShouldBeLessThan(1e-5);
        loss.backward(); // once more from the same graph
        Off(p.grad! / 3, p64.grad! / 2).ShouldBeLessThan(1e-5);

        static double Off(Tensor actual, Tensor expected) => ((actual.to(float64) - expected).norm() / expected.norm()).item<double>();
    }

    [Fact]
    public void PosteriorMean_should_be_the_observation_without_noise_and_the_prediction_without_doubt()
    {
        using var scope = NewDisposeScope();
        var y = Values(0.8, 0.1, 0.4).unsqueeze(1);
        var doubting = Values(0.5, 0.5, 0.5, 1, 0.1, 0, 1, 0.1, 1).unsqueeze(1);
        var certain = Values(0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0).unsqueeze(1);

        GaussianLikelihood.PosteriorMean(doubting, y, Values(1e-12)).ShouldBeClose(y, 1e-6);
        GaussianLikelihood.PosteriorMean(certain, y, Values(0.01)).ToFloats().ShouldAllBeClose([0.5f, 0.5f, 0.5f], 1e-7);
    }

    private static (double[][] Prediction, double[][] Observed, double[] Variance) Draw(int channels)
    {
        var random = new Random(11);
        double[][] rows(int count, double scale) =>
            [.. Enumerable.Range(0, count).Select(_ => Enumerable.Range(0, Pixels).Select(_ => (random.NextDouble() - 0.4) * scale).ToArray())];
        return (rows(channels == 3 ? 9 : 2, 0.4), rows(channels, 1), [.. Enumerable.Range(0, Pixels).Select(_ => 0.0004 + (0.04 * random.NextDouble()))]);
    }

    private static Tensor Values(params double[] values) => tensor(values);

    private static double[] Flat(double[][] rows) => [.. rows.SelectMany(row => row)];

    private static double[] Column(double[][] rows, int index) => [.. rows.Select(row => row[index])];
}
