using Grainy.Core.Denoising;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class ImpulseLikelihoodTests
{
    private const int Pixels = 40;

    [Theory]
    [InlineData(9, 0.5)]
    [InlineData(9, 0.02)]
    [InlineData(9, 0.95)]
    [InlineData(6, 0.3)]
    [InlineData(2, 0.3)]
    [InlineData(2, 0.9)]
    public void Moments_and_posterior_should_equal_the_formulas_as_they_are_printed(int outputs, double alpha)
    {
        var channels = outputs == 2 ? 1 : 3;
        var draw = new GaussianDraw(outputs, Pixels, 23);
        using var p = tensor(draw.Prediction.SelectMany(row => row).ToArray(), [outputs, Pixels]);
        using var y = tensor(draw.Observed.SelectMany(row => row).ToArray(), [channels, Pixels]);
        using var share = tensor(new[] { alpha });

        using var loss = ImpulseLikelihood.Loss(p, y, share);
        using var mean = ImpulseLikelihood.PosteriorMean(p, y, share);
        using var variance = ImpulseLikelihood.PosteriorVariance(p, y, share);

        loss.item<double>().ShouldBe(draw.Average(pixel => pixel.ImpulseLoss(alpha)), 1e-6);
        mean.ToFloats().ShouldAllBeClose(draw.Rows(pixel => pixel.ImpulsePosteriorMean(alpha)), 1e-6);
        variance.ToFloats().ShouldAllBeClose(draw.Rows(pixel => pixel.ImpulsePosteriorVariance(alpha)), 1e-6);
    }

    [Fact]
    public void An_impulse_should_be_replaced_and_a_likely_pixel_kept()
    {
        float[] predicted = [0.5f, 0.5f, 0.01f, 0.01f], seen = [0.505f, 0.95f];
        using var p = tensor(predicted, [2, 2]);
        using var y = tensor(seen, [1, 2]);
        using var share = full([1], 0.3f);

        using var mean = ImpulseLikelihood.PosteriorMean(p, y, share);

        mean.ToFloats().ShouldAllBeClose([0.505f, 0.5f], 1e-3);
    }

    [Fact]
    public void Gradient_in_single_precision_should_stay_finite_for_a_prediction_without_doubt()
    {
        using var scope = NewDisposeScope();
        var p = zeros(9, 4).requires_grad_();
        var share = full([1], 0.001f).requires_grad_();

        ImpulseLikelihood.Loss(p, rand(3, 4), share).backward();

        p.grad!.ShouldBeFinite();
        share.grad!.ShouldBeFinite();
    }
}
