using Grainy.Core.Convolutions;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Convolutions;

[LeavesNoTensors]
public sealed class VectorConvolutionTests
{
    [Theory]
    [InlineData(3, 1, 1, 32, 16, 2, 31, 29)]
    [InlineData(3, 1, 0, 48, 64, 1, 129, 7)]
    [InlineData(3, 1, 1, 64, 192, 3, 8, 5)]
    [InlineData(3, 1, 1, 256, 80, 1, 1, 1)]
    [InlineData(5, 1, 2, 64, 192, 2, 31, 18)]
    [InlineData(5, 1, 2, 40, 32, 1, 4, 3)]
    [InlineData(3, 2, 0, 3, 64, 2, 33, 30)]
    [InlineData(3, 2, 1, 32, 48, 3, 7, 9)]
    [InlineData(5, 2, 2, 3, 32, 2, 21, 64)]
    [InlineData(1, 1, 0, 64, 16, 3, 13, 16)]
    [InlineData(1, 1, 0, 512, 80, 1, 1, 2)]
    [InlineData(7, 1, 3, 20, 16, 2, 9, 12)]
    [InlineData(11, 4, 2, 3, 64, 2, 65, 38)]
    [InlineData(11, 4, 2, 3, 16, 2, 31, 97)]
    [InlineData(9, 3, 0, 3, 32, 1, 30, 44)]
    public void Run_should_agree_with_the_plain_convolution(int side, int stride, int padding, int input, int output, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var generator = new Generator((ulong)(side + input));
        var images = randn([count, input, height, width], generator: generator).relu();
        var kernels = randn([output, input, side, side], generator: generator) / Math.Sqrt(input * side * side);
        var bias = randn([output], generator: generator);
        VectorConvolution.Suits(kernels).ShouldBeTrue();
        var convolution = VectorConvolution.Of(kernels, bias, stride, padding);

        var actual = Run(convolution, images);

        var expected = nn.functional.conv2d(images.to(float64), kernels.to(float64), bias.to(float64), strides: [stride, stride], padding: [padding, padding]).relu();
        actual.shape.ShouldBe(expected.shape);
        // Features have a spread of about one.
        (actual.to(float64) - expected).abs().max().item<double>().ShouldBeLessThan(3e-5);
        (actual.to(float64) - expected).square().mean().sqrt().item<double>().ShouldBeLessThan(4e-6);
        // Each image as if it were alone.
        Run(convolution, images.narrow(0, count - 1, 1)).ShouldBeClose(actual.narrow(0, count - 1, 1), 0);
    }

    [Fact]
    public void Run_should_leave_the_other_channels_of_its_target()
    {
        using var scope = NewDisposeScope();
        var convolution = VectorConvolution.Of(ones(16, 16, 3, 3), zeros(16), 1, 1);
        using var images = FeatureMap.Of(ones(1, 16, 5, 6));
        using var target = FeatureMap.Of(full([1, 48, 5, 6], 7f));

        convolution.Run(images, target, 16, 0);

        var result = target.ToTensor();
        (result.narrow(1, 0, 16) == 7).all().item<bool>().ShouldBeTrue();
        (result.narrow(1, 32, 16) == 7).all().item<bool>().ShouldBeTrue();
        result[0, 20, 2, 2].item<float>().ShouldBe(144, 1e-3);
        result[0, 20, 0, 0].item<float>().ShouldBe(64, 1e-3);
    }

    [Theory]
    [InlineData(64, 20, 3)]
    [InlineData(3, 9, 1)]
    public void Suits_should_leave_others_to_the_library(int input, int output, int side)
    {
        using var kernels = zeros(output, input, side, side);

        VectorConvolution.Suits(kernels).ShouldBeFalse();
    }

    [Fact]
    public void Suits_should_leave_kernels_that_change_to_the_library()
    {
        using var kernels = zeros([16, 16, 3, 3], requires_grad: true);

        VectorConvolution.Suits(kernels).ShouldBeFalse();
    }

    [Theory]
    [InlineData(3, 2, true, false, 12, 9)]
    [InlineData(3, 2, true, false, 3, 8)]
    [InlineData(3, 2, false, false, 12, 8)]
    [InlineData(2, 2, false, false, 7, 5)]
    [InlineData(2, 2, false, true, 7, 5)]
    public void Pooling_should_agree_with_the_library(int side, int stride, bool ceiling, bool average, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var images = randn([2, 16, height, width], generator: generator);
        using var map = FeatureMap.Of(images);

        using var pooled = Pooling.Run(map, side, stride, ceiling, average);

        var expected = average
            ? nn.functional.avg_pool2d(images, [side, side], [stride, stride])
            : nn.functional.max_pool2d(images, [side, side], [stride, stride], ceil_mode: ceiling);
        pooled.ToTensor().ShouldBeClose(expected, average ? 1e-6 : 0);
    }

    private static Tensor Run(VectorConvolution convolution, Tensor images)
    {
        using var map = FeatureMap.Of(images);
        using var result = convolution.Run(map);
        return result.ToTensor();
    }
}
