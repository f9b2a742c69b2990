using Grainy.Core.Denoising;
using Grainy.Core.Noise;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class NoiseParametersTests
{
    // softplus(−4) + 10⁻³ = 0.01914993 (section 2.4 of the method: about 0.01915).
    private const double Start = 0.01914993;

    [Fact]
    public void Learned_noise_should_start_where_the_paper_does()
    {
        using var scope = NewDisposeScope();
        var raw = zeros(2, 1);

        FlatParameters.Copy(NoiseParameters.Estimated(new NoiseModel.Gaussian(), raw.narrow(0, 0, 1)).Constant!)[0].ShouldBe((float)(Start * Start), 1e-8f);
        FlatParameters.Copy(NoiseParameters.Estimated(new NoiseModel.Poisson(), raw.narrow(0, 0, 1)).Gain!)[0].ShouldBe((float)Start, 1e-7f);
        FlatParameters.Copy(NoiseParameters.Estimated(new NoiseModel.Impulse(), raw.narrow(0, 0, 1)).Share!)[0].ShouldBe((float)Start, 1e-7f);
        ((NoiseModel.Poisson)NoiseParameters.Read(new NoiseModel.Poisson(), [0])).Lambda!.Value.ShouldBe(1 / Start, 1e-3);
    }

    [Theory]
    [InlineData(0.5, 0.3, 0.02, (0.5 * 0.3) + 0.02)]
    [InlineData(-0.2, 0.3, 0.02, (1e-3 * 0.3) + 0.02)] // a mean below zero counts as nearly none
    [InlineData(0.1, 0.3, -0.04, 1e-6)] // a black level that was not subtracted: nothing is known below it
    public void Variance_should_be_gain_times_mean_plus_constant(double mean, double a, double b, double expected)
    {
        using var scope = NewDisposeScope();

        var variance = NoiseParameters.Known(new NoiseModel.Affine(a, b)).Variance(full([3, 2], (float)mean));

        variance.ToFloats().ShouldAllBeClose([.. Enumerable.Repeat((float)expected, 6)], 1e-7);
    }

    [Fact]
    public void Known_part_of_an_affine_model_should_stay_and_the_other_be_learned()
    {
        using var scope = NewDisposeScope();
        float[] numbers = [3, 2];
        var raw = tensor(numbers, [2, 1]);

        var parameters = NoiseParameters.Estimated(new NoiseModel.Affine(0.25), raw);
        var read = (NoiseModel.Affine)NoiseParameters.Read(new NoiseModel.Affine(0.25), [3, 2]);

        FlatParameters.Copy(parameters.Gain!)[0].ShouldBe(0.25f);
        var sigma = Math.Log(1 + Math.Exp(2 - 4)) + 1e-3;
        FlatParameters.Copy(parameters.Constant!)[0].ShouldBe((float)(sigma * sigma), 1e-6f);
        read.A.ShouldBe(0.25);
        read.B!.Value.ShouldBe(sigma * sigma, 1e-12);
    }

    [Fact]
    public void Poisson_variance_should_let_the_gradient_through_the_mean()
    {
        using var scope = NewDisposeScope();
        var mean = full([1, 2], 0.5f).requires_grad_();

        NoiseParameters.Known(new NoiseModel.Poisson(30)).Variance(mean).sum().backward();

        mean.grad!.ToFloats().ShouldAllBeClose([1 / 30f, 1 / 30f], 1e-7);
    }

    [Fact]
    public void Estimator_should_start_from_zero_for_every_image()
    {
        using var network = new BlindSpotNetwork(BlindSpotLayout.Of("compact", 3) with { LearnedNoise = 2, NoisePerImage = true });
        network.Parameters.Initialise(new Grainy.Core.Tensors.SeedSequence(1));
        using var x = BlindSpotNetworkTests.Noise(2, 3, 32, 5);

        using var raw = NoiseNetwork.Predict(network.Parameters, x);

        raw.ShouldHaveShape(2, 2);
        raw.ToFloats().ShouldBe([0, 0, 0, 0]);
    }
}
