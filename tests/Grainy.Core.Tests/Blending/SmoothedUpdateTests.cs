using Grainy.Core.Blending;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Blending;

[LeavesNoTensors]
public sealed class SmoothedUpdateTests
{
    private const double Floor = 0.5;

    [Theory]
    [InlineData(13, 21)]
    [InlineData(16, 8)]
    [InlineData(1, 3)]
    public void Move_should_be_the_formula(int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(4);
        var picture = rand([1, 3, height, width], generator: generator);
        var update = new SmoothedUpdate(height, width);
        var (moved, expected) = (picture.clone(), picture.to(float64));
        var (mean, square) = (zeros_like(expected), zeros_like(expected));

        for (var step = 0; step < 3; step++)
        {
            var gradient = randn(picture.shape, generator: generator);
            update.Take(gradient, 0.9f, 0.999f);
            update.Move(moved, -0.02, Floor);
            mean = (mean * 0.9) + (gradient.to(float64) * 0.1);
            square = (square * 0.999) + (gradient.to(float64).square() * 0.001);
            expected = (expected - (Smoothed(mean / (square.sqrt() + (square.mean().sqrt() * Floor))) * 0.02)).clamp(1e-5, 1 - 1e-5);
        }

        moved.to(float64).ShouldBeClose(expected, 1e-5);
        (moved - picture).abs().max().item<float>().ShouldBeGreaterThan(0.005f);
    }

    [Fact]
    public void Result_should_be_the_mean_of_the_latest_pictures()
    {
        using var scope = NewDisposeScope();
        using var distance = BlendDistance.Load("l2", Metrics.ReferenceImages.Weights);
        using var references = distance.Take(full(1, 3, 4, 4, 0.8f), BlendDraw.Plain);
        using var optimizer = new BlendOptimizer(full(1, 3, 4, 4, 0.2f), published: false);

        var first = Next();
        optimizer.Result.detach().ShouldBeClose(first, 0);
        var second = Next();

        (second - first).abs().max().item<float>().ShouldBeGreaterThan(0.001f);
        optimizer.Result.detach().ShouldBeClose((first + second) / 2, 1e-6);

        Tensor Next()
        {
            optimizer.Descend(references, [1]);
            optimizer.Step(0.02);
            return optimizer.Picture.detach().clone();
        }
    }

    private static Tensor Smoothed(Tensor update)
    {
        var brightness = update.mean([1], keepdim: true);
        var colour = update - brightness;
        for (var pass = 0; pass < 2; pass++)
        {
            colour = nn.functional.avg_pool2d(nn.functional.pad(colour, [1, 1, 1, 1], PaddingModes.Replicate), [3, 3], [1, 1]);
        }

        return brightness + ((update - brightness) * 0.2) + (colour * 0.8);
    }
}
