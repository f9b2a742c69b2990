using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Layers by the tensor library: differentiable, in any type, on any device.</summary>
/// <param name="parameters">Kernels and biases by name; borrowed.</param>
/// <param name="dropout">Null for none.</param>
internal sealed class TensorLayers(IReadOnlyDictionary<string, Tensor> parameters, BernoulliDropout? dropout) : ILayers<Tensor>
{
    public Tensor Convolve(string name, Tensor images, int stride = 1, int padding = 0, bool rectify = true)
    {
        using var scope = NewDisposeScope();
        var input = dropout is null ? images : dropout.Apply(images);
        var result = nn.functional.conv2d(input, parameters[name + ".weight"], parameters[name + ".bias"], strides: [stride, stride], padding: [padding, padding]);
        return (rectify ? result.relu_() : result).MoveToOuterDisposeScope();
    }

    public Tensor Expand(string narrow, string wide, Tensor images)
    {
        using var scope = NewDisposeScope();
        return cat([Convolve(narrow, images), Convolve(wide, images, padding: 1)], 1).MoveToOuterDisposeScope();
    }

    public Tensor Pool(Tensor images, int side, int stride, bool ceiling = false, bool average = false) => average
        ? nn.functional.avg_pool2d(images, [side, side], [stride, stride])
        : nn.functional.max_pool2d(images, [side, side], [stride, stride], ceil_mode: ceiling);
}
