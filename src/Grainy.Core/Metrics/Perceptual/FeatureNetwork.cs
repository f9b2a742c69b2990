using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// A convolutional network whose inner activations are compared. It is given scaled RGB and hands out its features layer by layer, so that no more than one
/// layer need be kept when no gradient is wanted.
/// </summary>
internal abstract class FeatureNetwork : IDisposable
{
    private readonly Dictionary<string, Tensor> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FastConvolution?> _fast = new(StringComparer.Ordinal);

    /// <summary>Kernels and biases by name, for training.</summary>
    public IReadOnlyDictionary<string, Tensor> Parameters => _parameters;

    /// <summary>Where its features lie and how far they see.</summary>
    public abstract ReceptiveField Field { get; }

    /// <summary>Longest side of a tile of a large picture, in pixels, without its context: a quarter of a second's work for two.</summary>
    public virtual int TileSide => 512;

    /// <summary>Channels of each layer, in the order of the visits.</summary>
    public abstract IReadOnlyList<int> Channels { get; }

    /// <summary>For fingerprints, for example <c>squeezenet1_1@b1be8092 maxpool 3×3/2 floor</c>.</summary>
    public abstract string Description { get; }

    /// <summary>Runs the network.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, scaled; borrowed.</param>
    /// <param name="dropout">Applied before every convolution; null for none.</param>
    /// <param name="visit">Is given the number of the layer and its features <c>[N, C, h, w]</c> after the rectifier; borrowed, valid during the call.</param>
    public abstract void Run(Tensor images, BernoulliDropout? dropout, Action<int, Tensor> visit);

    /// <summary>Computes in another type from now on, for example in float64 where gradients are checked.</summary>
    public void ConvertTo(ScalarType type)
    {
        using var scope = NewDisposeScope();
        _fast.Clear();
        foreach (var (name, parameter) in _parameters.ToArray())
        {
            _parameters[name] = parameter.to(type).DetachFromDisposeScope();
            parameter.Dispose();
        }
    }

    /// <summary>Frees the parameters.</summary>
    public void Dispose()
    {
        foreach (var parameter in _parameters.Values)
        {
            parameter.Dispose();
        }

        _parameters.Clear();
    }

    /// <summary>Loads <c>NAME.weight</c> and <c>NAME.bias</c>.</summary>
    protected void LoadConvolution(WeightSet weights, string name, long output, long input, long side, Device device)
    {
        using var scope = NewDisposeScope();
        var kernel = tensor(weights.Require(name + ".weight", output, input, side, side).Values, [output, input, side, side]).to(device);
        // The layout in which channels-last convolutions want their kernels.
        _parameters[name + ".weight"] = kernel.permute(0, 2, 3, 1).contiguous().permute(0, 3, 1, 2).DetachFromDisposeScope();
        _parameters[name + ".bias"] = tensor(weights.Require(name + ".bias", output).Values).to(device).DetachFromDisposeScope();
    }

    /// <summary>Dropout, convolution, rectifier unless that is to come later. The argument is borrowed, the caller owns the result.</summary>
    protected Tensor Convolve(string name, Tensor images, BernoulliDropout? dropout, long stride = 1, long padding = 0, bool rectify = true)
    {
        using var scope = NewDisposeScope();
        var input = dropout is null ? images : dropout.Apply(images);
        if (rectify && !is_grad_enabled() && Fast(name, input, stride) is { } fast)
        {
            return stride == 1
                ? fast.Run(input, (int)padding).MoveToOuterDisposeScope()
                : fast.Run(StrideFolding.Images(input, _parameters[name + ".weight"].shape[2], stride, padding), 0).MoveToOuterDisposeScope();
        }

        var result = nn.functional.conv2d(input, _parameters[name + ".weight"], _parameters[name + ".bias"], strides: [stride, stride], padding: [padding, padding]);
        return (rectify ? result.relu_() : result).MoveToOuterDisposeScope();
    }

    // Networks that are trained change their kernels, so only frozen ones are prepared.
    private FastConvolution? Fast(string name, Tensor input, long stride)
    {
        var kernels = _parameters[name + ".weight"];
        if (kernels.requires_grad || input.dtype != float32)
        {
            return null;
        }

        if (!_fast.TryGetValue(name, out var fast))
        {
            using var scope = NewDisposeScope();
            var unstrided = stride == 1 ? kernels : StrideFolding.Kernels(kernels, stride);
            _fast[name] = fast = FastConvolution.Suits(unstrided) ? new FastConvolution(unstrided, _parameters[name + ".bias"]) : null;
        }

        return fast;
    }
}
