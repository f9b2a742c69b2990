using Grainy.Core.Convolutions;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Convolutions;

[LeavesNoTensors]
public sealed class InputGradientTests
{
    [Theory]
    [InlineData(3, 1, 1, 32, 16, 2, 31, 29)]
    [InlineData(3, 1, 0, 48, 64, 1, 29, 7)]
    [InlineData(3, 1, 1, 3, 64, 2, 14, 15)]
    [InlineData(5, 1, 2, 64, 96, 2, 13, 18)]
    [InlineData(3, 2, 0, 3, 64, 2, 33, 30)]
    [InlineData(3, 2, 1, 32, 48, 3, 7, 9)]
    [InlineData(1, 1, 0, 64, 16, 3, 13, 16)]
    [InlineData(11, 4, 2, 3, 64, 2, 65, 38)]
    [InlineData(11, 4, 2, 3, 64, 1, 64, 71)]
    public void Run_should_agree_with_the_library(int side, int stride, int padding, int input, int output, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator((ulong)(side + input));
        var images = randn([count, input, height, width], generator: generator);
        var kernels = randn([output, input, side, side], generator: generator) / Math.Sqrt(output * side * side);
        var leaf = images.to(float64).requires_grad_();
        var result = nn.functional.conv2d(leaf, kernels.to(float64), strides: [stride, stride], padding: [padding, padding]);
        var gradient = randn(result.shape, generator: generator);
        result.backward([gradient.to(float64)]);

        using var map = FeatureMap.Of(gradient);
        using var like = FeatureMap.Of(images);
        using var actual = new InputGradient(kernels, stride, padding).Run(map, 0, like);

        // Numbers with a spread of one; the larger tiles, of eight products, lose more of the sixth digit.
        var largeTiles = side == 3 && stride == 1 && input * output <= 4096;
        (actual.ToTensor().to(float64) - leaf.grad!).abs().max().item<double>().ShouldBeLessThan(largeTiles ? 5e-5 : 3e-5);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(3, 1)]
    public void Run_should_read_channels_in_the_middle(int side, int padding)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(6);
        var (kernels, gradient) = (randn([32, 16, side, side], generator: generator), randn([1, 64, 9, 11], generator: generator));
        using var all = FeatureMap.Of(gradient);
        using var middle = FeatureMap.Of(gradient.narrow(1, 16, 32));
        using var like = FeatureMap.Of(zeros(1, 16, 9, 11));
        var back = new InputGradient(kernels, 1, padding);

        using var expected = back.Run(middle, 0, like);
        using var actual = back.Run(all, 16, like);

        actual.ToTensor().ShouldBeClose(expected.ToTensor(), 0);
        Should.Throw<ArgumentException>(() => back.Run(all, 48, like));
    }

    [Theory]
    [InlineData(3, 2, true, false, 12, 9)]
    [InlineData(3, 2, false, false, 12, 8)]
    [InlineData(2, 2, false, false, 7, 5)]
    [InlineData(2, 2, false, true, 7, 5)]
    [InlineData(3, 1, false, true, 6, 5)]
    public void Pooling_should_go_back_as_in_the_library_also_where_values_are_equal(int side, int stride, bool ceiling, bool average, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(3);
        var images = randint(0, 4, [2, 16, height, width], dtype: float32, generator: generator);
        var leaf = images.clone().requires_grad_();
        var result = average
            ? nn.functional.avg_pool2d(leaf, [side, side], [stride, stride])
            : nn.functional.max_pool2d(leaf, [side, side], [stride, stride], ceil_mode: ceiling);
        var gradient = randn(result.shape, generator: generator);
        result.backward([gradient]);

        using var map = FeatureMap.Of(images);
        using var pooled = Pooling.Run(map, side, stride, ceiling, average);
        using var back = FeatureMap.Of(gradient);
        using var actual = PoolingGradient.Run(map, pooled, back, side, stride, average);

        actual.ToTensor().ShouldBeClose(leaf.grad!, 1e-5);
    }
}
