using Grainy.Core.Convolutions;
using Grainy.Core.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// A convolutional network whose inner activations are compared. It is given scaled RGB and hands out its features layer by layer, so that no more than one
/// layer need be kept when no gradient is wanted.
/// </summary>
internal abstract class FeatureNetwork : IDisposable
{
    private readonly Dictionary<string, Tensor> _parameters = new(StringComparer.Ordinal);
    private readonly Dictionary<string, VectorConvolution> _prepared = new(StringComparer.Ordinal);
    private readonly Dictionary<string, InputGradient> _gradients = new(StringComparer.Ordinal);

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

    /// <summary>Runs the network; differentiable.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c>, scaled; borrowed.</param>
    /// <param name="dropout">Applied before every convolution; null for none.</param>
    /// <param name="visit">Is given the number of the layer and its features <c>[N, C, h, w]</c> after the rectifier; borrowed, valid during the call.</param>
    public void Run(Tensor images, BernoulliDropout? dropout, Action<int, Tensor> visit)
    {
        using var scope = NewDisposeScope();
        if (is_grad_enabled() || !UsesVectors(images))
        {
            Run(new TensorLayers(_parameters, dropout), images, visit);
            return;
        }

        using var map = FeatureMap.Of(images);
        Run(map, dropout, (layer, features) =>
        {
            using var inner = NewDisposeScope();
            visit(layer, features.ToTensor());
        });
    }

    /// <summary>True when our own vector code can compute features of these images.</summary>
    public bool UsesVectors(Tensor images) => IsFrozen && images.dtype == float32 && images.device_type == DeviceType.CPU;

    /// <summary>Runs the network so that one can go back to the images.</summary>
    /// <param name="images">Three channels, scaled; owned by the result.</param>
    /// <param name="dropout">Applied before every convolution; null for none.</param>
    /// <param name="visit">Is given the number of the layer and its features after the rectifier; borrowed.</param>
    /// <returns>The caller disposes it.</returns>
    /// <exception cref="InvalidOperationException">The network is in training, or not in float32 on the CPU.</exception>
    public TracedPass Trace(FeatureMap images, BernoulliDropout? dropout, Action<int, FeatureMap> visit)
    {
        if (!IsFrozen)
        {
            throw new InvalidOperationException("Only fixed kernels in float32 on the CPU can be gone back through by vector code.");
        }

        var pass = new TracedPass(images, Prepared, PreparedGradient, dropout);
        Run(pass, pass.Input, (layer, map) =>
        {
            map.Layer = layer;
            visit(layer, map.Values);
        });
        return pass;
    }

    /// <summary>Runs the network without gradients.</summary>
    /// <param name="images">Three channels, scaled; borrowed.</param>
    /// <param name="dropout">Applied before every convolution; null for none.</param>
    /// <param name="visit">Is given the number of the layer and its features after the rectifier; borrowed, valid during the call.</param>
    public void Run(FeatureMap images, BernoulliDropout? dropout, Action<int, FeatureMap> visit)
    {
        if (IsFrozen)
        {
            Run(new VectorLayers(Prepared, dropout), images, visit);
            return;
        }

        using var scope = NewDisposeScope();
        using var inference = no_grad();
        Run(new TensorLayers(_parameters, dropout), images.ToTensor().to(_parameters.Values.First().device), (layer, features) =>
        {
            using var inner = NewDisposeScope();
            using var map = FeatureMap.Of(features.to(float32).cpu());
            visit(layer, map);
        });
    }

    /// <summary>Computes in another type from now on, for example in float64 where gradients are checked.</summary>
    public void ConvertTo(ScalarType type)
    {
        using var scope = NewDisposeScope();
        _prepared.Clear();
        _gradients.Clear();
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

    /// <summary>The network itself.</summary>
    /// <param name="layers">To build it from.</param>
    /// <param name="images">Borrowed.</param>
    /// <param name="visit">Is given the features to compare; borrowed.</param>
    protected abstract void Run<T>(ILayers<T> layers, T images, Action<int, T> visit)
        where T : class, IDisposable;

    // Networks that are trained change their kernels, so only frozen ones are prepared.
    private bool IsFrozen => _parameters.All(parameter => !parameter.Key.EndsWith(".weight", StringComparison.Ordinal) || VectorConvolution.Suits(parameter.Value));

    private VectorConvolution Prepared(string name, int stride, int padding)
    {
        if (!_prepared.TryGetValue(name, out var convolution))
        {
            _prepared[name] = convolution = VectorConvolution.Of(_parameters[name + ".weight"], _parameters[name + ".bias"], stride, padding);
        }

        return convolution;
    }

    private InputGradient PreparedGradient(string name, int stride, int padding)
    {
        if (!_gradients.TryGetValue(name, out var gradient))
        {
            _gradients[name] = gradient = new InputGradient(_parameters[name + ".weight"], stride, padding);
        }

        return gradient;
    }
}
