using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

[LeavesNoTensors]
public sealed class FastConvolutionTests
{
    [Theory]
    [InlineData(3, 1, 32, 16, 2, 31, 29)]
    [InlineData(3, 0, 48, 64, 1, 129, 7)]
    [InlineData(3, 1, 64, 192, 3, 8, 5)]
    [InlineData(3, 1, 256, 80, 1, 1, 1)]
    [InlineData(5, 2, 64, 192, 2, 31, 18)]
    [InlineData(5, 2, 40, 32, 1, 4, 3)]
    public void Run_should_agree_with_the_plain_convolution(int side, int padding, int input, int output, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var generator = new Generator((ulong)(side + input));
        var images = randn([count, input, height, width], generator: generator).relu();
        var kernels = randn([output, input, side, side], generator: generator) / Math.Sqrt(input * side * side);
        var bias = randn([output], generator: generator);
        FastConvolution.Suits(kernels).ShouldBeTrue();

        var actual = new FastConvolution(kernels, bias).Run(images.ChannelsLast(), padding);

        var expected = nn.functional.conv2d(images.to(float64), kernels.to(float64), bias.to(float64), padding: [padding, padding]).relu();
        actual.shape.ShouldBe(expected.shape);
        // Features have a spread of about one.
        (actual.to(float64) - expected).abs().max().item<double>().ShouldBeLessThan(3e-5);
        (actual.to(float64) - expected).square().mean().sqrt().item<double>().ShouldBeLessThan(4e-6);
        // In any layout, and each image as if it were alone.
        new FastConvolution(kernels, bias).Run(images, padding).ShouldBeClose(actual, 0);
        new FastConvolution(kernels, bias).Run(images.narrow(0, count - 1, 1), padding).ShouldBeClose(actual.narrow(0, count - 1, 1), 0);
    }

    [Theory]
    [InlineData(11, 4, 2, 64, 64)]
    [InlineData(11, 4, 2, 65, 38)]
    [InlineData(11, 4, 2, 31, 97)]
    [InlineData(9, 3, 0, 30, 44)]
    public void Folding_should_turn_a_stride_into_channels(int side, int stride, int padding, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(7);
        var images = randn([2, 3, height, width], float64, generator: generator);
        var kernels = randn([16, 3, side, side], float64, generator: generator);

        var folded = nn.functional.conv2d(StrideFolding.Images(images, side, stride, padding), StrideFolding.Kernels(kernels, stride));

        var expected = nn.functional.conv2d(images, kernels, strides: [stride, stride], padding: [padding, padding]);
        folded.shape.ShouldBe(expected.shape);
        (folded - expected).abs().max().item<double>().ShouldBeLessThan(1e-11);
    }

    [Theory]
    [InlineData(64, 64, 1)]
    [InlineData(64, 64, 7)]
    [InlineData(3, 64, 3)]
    [InlineData(64, 20, 3)]
    public void Suits_should_leave_others_to_the_library(int input, int output, int side)
    {
        using var kernels = zeros(output, input, side, side);

        FastConvolution.Suits(kernels).ShouldBeFalse();
    }
}
