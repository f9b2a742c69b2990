using Grainy.Core.Convolutions;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Tests.Convolutions;

/// <summary>Forward and backward against the tensor library in double precision.</summary>
[LeavesNoTensors]
public sealed unsafe class TrainedConvolutionTests
{
    private const float Slope = 0.1f;

    [Theory]
    [InlineData(24, 24, 2, 12, 16)]
    [InlineData(48, 40, 1, 9, 7)]
    [InlineData(8, 8, 3, 1, 2)]
    [InlineData(96, 48, 1, 30, 22)]
    public void Passes_should_agree_with_the_library_for_one_source(int output, int input, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(11);
        var x = randn([count, input, height, width], generator: generator);

        var (result, toKernels, toBias, toInput) = Run(generator, x, null, output);

        result.ShouldBeLessThan(3e-6);
        toKernels.ShouldBeLessThan(1e-5);
        toBias.ShouldBeLessThan(1e-5);
        toInput.ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData(48, 24, 24, 2, 12, 16)]
    [InlineData(48, 48, 3, 1, 10, 14)]
    [InlineData(24, 16, 1, 2, 2, 6)]
    public void Passes_should_agree_with_the_library_for_a_doubled_source_and_another(int output, int low, int skip, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(12);
        var x = randn([count, low, height / 2, width / 2], generator: generator);
        var other = randn([count, skip, height, width], generator: generator);

        var (result, toKernels, toBias, toInput) = Run(generator, x, other, output);

        result.ShouldBeLessThan(3e-6);
        toKernels.ShouldBeLessThan(1e-5);
        toBias.ShouldBeLessThan(1e-5);
        toInput.ShouldBeLessThan(1e-5);
    }

    [Theory]
    [InlineData(192, 192, 2, 3, 11)]
    [InlineData(9, 48, 1, 5, 7)]
    [InlineData(2, 16, 1, 1, 3)]
    public void Pointwise_passes_should_agree_with_the_library(int output, int input, int count, int height, int width)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(13);
        // What a rectifier gave, so that its slope counts too.
        var x = F.leaky_relu(randn([count, input, height, width], generator: generator), Slope);
        var kernels = randn([output, input, 1, 1], generator: generator) / Math.Sqrt(input);
        var bias = randn([output], generator: generator);
        var layer = new TrainedPointwise(output, input, Slope);
        using var map = FeatureMap.Of(x);
        Load(kernels, bias, layer.Load);

        var pixels = count * height * width;
        using var result = new FeatureMap(count, height, width, layer.Columns);
        layer.Run(map.Data, result.Data, pixels);
        var signs = randn([count, output, height, width], generator: generator);
        var padded = F.pad(signs.permute(0, 2, 3, 1), [0, result.Channels - output]).permute(0, 3, 1, 2);
        using var gradient = FeatureMap.Of(padded);
        var (toKernels, toBias) = (empty_like(kernels), empty_like(bias));
        // In two shares, as the work is divided.
        var first = pixels / 3;
        using var sums = FeatureMap.Of(zeros(1, layer.SumsLength, 1, 2));
        layer.AddWeights(gradient.Data, map.Data, first, sums.Data);
        layer.AddWeights(gradient.Data + (first * layer.Columns), map.Data + (first * input), pixels - first, sums.At(0, 0, 1));
        Load(toKernels, toBias, (one, other) => layer.Weights(sums.Data, 2, layer.SumsLength, one, other));
        using var toInput = new FeatureMap(count, height, width, input);
        layer.Inputs(gradient.Data, toInput.Data, pixels, map.Data, Slope);

        var (exact, weights, offsets) = (x.to(float64), kernels.to(float64).requires_grad_(), bias.to(float64).requires_grad_());
        var before = where(exact > 0, exact, exact / Slope).requires_grad_();
        var plain = F.conv2d(F.leaky_relu(before, Slope), weights, offsets);
        plain.backward([signs.to(float64)]);
        Off(result.ToTensor().narrow(1, 0, output), F.leaky_relu(plain.detach(), Slope)).ShouldBeLessThan(1e-6);
        Off(toKernels, weights.grad!).ShouldBeLessThan(1e-5);
        Off(toBias, offsets.grad!).ShouldBeLessThan(1e-5);
        Off(toInput.ToTensor(), before.grad!).ShouldBeLessThan(1e-5);
    }

    // How far results and gradients are off, relative to their size. The input counts as given by a rectifier.
    private static (double Result, double Kernels, double Bias, double Input) Run(Generator generator, Tensor values, Tensor? other, int output)
    {
        var x = F.leaky_relu(values, Slope);
        var input = values.shape[1] + (other?.shape[1] ?? 0);
        var rows = (int)(input + 7) / 8 * 8;
        var kernels = randn([output, input, 3, 3], generator: generator) / Math.Sqrt(9 * input);
        var bias = randn([output], generator: generator);
        var layer = new TrainedConvolution(output, (int)input, rows, Slope);
        Load(kernels, bias, (first, second) => layer.Load(first, second, backward: true));
        using var map = FeatureMap.Of(x);
        using var skip = other is null ? null : FeatureMap.Of(F.pad(other.permute(0, 2, 3, 1), [0, rows - input]).permute(0, 3, 1, 2));
        TileSource[] sources = skip is null ? [new(map)] : [new(map, Doubled: true), new(skip)];

        using var result = layer.Run(null, sources);
        var signs = randn([result.Count, output, result.Height, result.Width], generator: generator);
        using var gradient = FeatureMap.Of(signs);
        var (toKernels, toBias) = (empty_like(kernels), empty_like(bias));
        Load(toKernels, toBias, (first, second) => layer.Weights(gradient, first, second, sources));
        using var toInput = new FeatureMap(map.Count, map.Height, map.Width, map.Channels);
        layer.Inputs(gradient, new TrainedConvolution.Target(toInput, map, Doubled: skip is not null));

        var (weights, offsets) = (kernels.to(float64).requires_grad_(), bias.to(float64).requires_grad_());
        var before = values.to(float64).requires_grad_();
        var seen = F.leaky_relu(before, Slope);
        seen = other is null ? seen : cat([F.interpolate(seen, scale_factor: [2.0, 2.0], mode: InterpolationMode.Nearest), other.to(float64)], 1);
        var plain = F.conv2d(F.pad(seen, [1, 1, 2, 0]), weights, offsets);
        plain.backward([signs.to(float64)]);
        return (
            Off(result.ToTensor(), F.leaky_relu(plain.detach(), Slope)), Off(toKernels, weights.grad!), Off(toBias, offsets.grad!), Off(toInput.ToTensor(), before.grad!));
    }

    private static double Off(Tensor actual, Tensor expected) => ((actual.to(float64) - expected).norm() / expected.norm()).item<double>();

    private delegate void Use(float* first, float* second);

    private static void Load(Tensor kernels, Tensor bias, Use use)
    {
        fixed (byte* first = kernels.bytes, second = bias.bytes)
        {
            use((float*)first, (float*)second);
        }
    }
}
