using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>
/// The distance that LPIPS defines on the features of a network (Zhang 2018, equation 1): unit length over the channels at every place, squared difference,
/// mean over the places, non-negative weights per channel, sum over the layers.
/// </summary>
internal sealed class FeatureDistance : IDisposable
{
    // ImageNet mean and deviation, rewritten for values in [−1, 1].
    private static readonly float[] Shift = [-0.030f, -0.088f, -0.188f];
    private static readonly float[] Scale = [0.458f, 0.448f, 0.450f];

    // Added to a length; and the least squared length whose root is differentiated, because the slope of the root at zero is infinite.
    private static readonly Scalar Epsilon = 1e-10;
    private static readonly Scalar Tiny = 1e-20;

    private readonly FeatureNetwork _network;
    private readonly Tensor[] _heads; // [C] each
    private Tensor _factor; // [1, 3, 1, 1]
    private Tensor _offset;
    private float[][]? _weights; // the heads as numbers

    /// <summary>Takes ownership of <paramref name="network"/>; reads <c>lin{i}.model.1.weight</c> of <paramref name="heads"/>.</summary>
    public FeatureDistance(FeatureNetwork network, WeightSet heads, Device device)
    {
        _network = network;
        using var scope = NewDisposeScope();
        _heads = [.. network.Channels.Select((channels, layer) =>
            tensor(heads.Require(HeadName(layer), 1, channels, 1, 1).Values).to(device).DetachFromDisposeScope())];
        // (2x − 1 − shift) / scale as one multiplication and one addition.
        _factor = tensor(Scale.Select((_, channel) => Input(channel).Factor).ToArray(), [1, 3, 1, 1]).to(device).DetachFromDisposeScope();
        _offset = tensor(Scale.Select((_, channel) => Input(channel).Offset).ToArray(), [1, 3, 1, 1]).to(device).DetachFromDisposeScope();
        Description = $"{network.Description}; heads @{heads.Hash[..8]}; {network.Channels.Count} layers";
    }

    /// <summary>For fingerprints.</summary>
    public string Description { get; }

    /// <summary>Weights per layer, <c>[C]</c> each, for training.</summary>
    public IReadOnlyList<Tensor> Heads => _heads;

    /// <summary>What is compared.</summary>
    public FeatureNetwork Network => _network;

    /// <summary>Where it is computed.</summary>
    public Device Device => _factor.device;

    /// <summary>Number of layers that are compared.</summary>
    public int Layers => _heads.Length;

    /// <summary>Name of a layer's weights in a file.</summary>
    public static string HeadName(int layer) => $"lin{layer}.model.1.weight";

    /// <summary>Distances of pairs.</summary>
    /// <param name="left"><c>[N, 3, H, W]</c> in [0, 1]; borrowed.</param>
    /// <param name="right">The same shape, or <c>[1, 3, H, W]</c> to compare all with one.</param>
    /// <param name="dropout">One mask for all images; null for none.</param>
    /// <returns><c>[L, N]</c>: the contribution of each layer; the caller owns it.</returns>
    public Tensor Between(Tensor left, Tensor right, BernoulliDropout? dropout)
    {
        var count = left.Require("N 3 H W")[0];
        using var scope = NewDisposeScope();
        var scaled = Scaled(cat([left, right], 0));
        var layers = new Tensor[Layers];
        _network.Run(scaled, dropout, (layer, features) =>
        {
            using var inner = NewDisposeScope();
            var unit = Unit(features);
            layers[layer] = Compare(layer, unit.narrow(0, 0, count), unit.narrow(0, count, right.shape[0])).MoveToOuterDisposeScope().DetachFromDisposeScope();
        });
        return Stacked(layers).MoveToOuterDisposeScope();
    }

    /// <summary>Features of images, layer by layer, without gradients: what <see cref="Against"/> compares with.</summary>
    /// <param name="images"><c>[M, 3, H, W]</c> in [0, 1]; borrowed.</param>
    /// <param name="dropout">One mask for all images; null for none.</param>
    /// <returns>The caller disposes them.</returns>
    public ReferenceFeatures Features(Tensor images, BernoulliDropout? dropout = null)
    {
        var vector = _network.UsesVectors(images);
        var features = new ReferenceFeatures(Layers, vector);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        if (!vector)
        {
            _network.Run(Scaled(images), dropout, (layer, map) => features.Units![layer] = Unit(map).DetachFromDisposeScope());
            return features;
        }

        // Nothing goes back through the references, but their features stay.
        var pass = _network.Trace(ScaledPictures.Read(images), dropout, (layer, map) => features.InverseLengths![layer] = UnitComparison.InverseLengths(map));
        pass.Release(features.Maps!);
        return features;
    }

    /// <summary>Distances of images to each of several references whose features are known; differentiable.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c> in [0, 1]; borrowed.</param>
    /// <param name="references">Of <see cref="Features"/> for <c>M</c> images of the same size; borrowed until the way back has been gone.</param>
    /// <param name="dropout">Of the same draws as the references' was; null for none.</param>
    /// <param name="own">The references are given away, and freed as soon as nothing needs them.</param>
    /// <returns><c>[M, N]</c>, summed over the layers; the caller owns it.</returns>
    public Tensor Against(Tensor images, ReferenceFeatures references, BernoulliDropout? dropout = null, bool own = false)
    {
        using var scope = NewDisposeScope();
        if (references.Units is not { } units)
        {
            return AgainstMaps(images, references, dropout, own).MoveToOuterDisposeScope();
        }

        using var owned = own ? references : null;

        var terms = new Tensor[Layers];
        _network.Run(Scaled(images), dropout, (layer, features) =>
        {
            using var inner = NewDisposeScope();
            var unit = Unit(features);
            var rows = Enumerable.Range(0, references.Count).Select(row => Compare(layer, unit, units[layer].narrow(0, row, 1)));
            terms[layer] = stack([.. rows], 0).DetachFromDisposeScope();
        });
        return Stacked(terms).sum([0]).MoveToOuterDisposeScope();
    }

    /// <summary>Features of unit length over the channels. The argument is borrowed, the caller owns the result.</summary>
    public static Tensor Unit(Tensor features)
    {
        using var scope = NewDisposeScope();
        var length = features.Squared().sum([1], keepdim: true).clamp_min(Tiny).sqrt();
        return (features / length.add(Epsilon, Arithmetic.One)).MoveToOuterDisposeScope();
    }

    /// <summary>Images <c>[N, 3, H, W]</c> in [0, 1] as the network takes them. The argument is borrowed, the caller owns the result.</summary>
    public Tensor Scaled(Tensor images)
    {
        using var scope = NewDisposeScope();
        return (images * _factor).Plus(_offset).ChannelsLast().MoveToOuterDisposeScope();
    }

    /// <summary>The weights of each layer as numbers.</summary>
    public float[][] HeadValues()
    {
        using var scope = NewDisposeScope();
        return [.. _heads.Select(head => head.detach().to(float32).cpu().contiguous().data<float>().ToArray())];
    }

    /// <summary>How a sample of channel c in [0, 1] enters the network: multiplied by the first, the second added.</summary>
    public static (float Factor, float Offset) Input(int channel) => (2 / Scale[channel], (-1 - Shift[channel]) / Scale[channel]);

    /// <summary>Computes in another type from now on, for example in float64 where gradients are checked.</summary>
    public void ConvertTo(ScalarType type)
    {
        using var scope = NewDisposeScope();
        _network.ConvertTo(type);
        _weights = null;
        for (var layer = 0; layer < _heads.Length; layer++)
        {
            _heads[layer] = Converted(_heads[layer]);
        }

        (_factor, _offset) = (Converted(_factor), Converted(_offset));

        Tensor Converted(Tensor tensor)
        {
            var converted = tensor.to(type).DetachFromDisposeScope();
            if (!ReferenceEquals(converted, tensor))
            {
                tensor.Dispose();
            }

            return converted;
        }
    }

    /// <summary>Frees the network and the heads.</summary>
    public void Dispose()
    {
        _network.Dispose();
        _factor.Dispose();
        _offset.Dispose();
        foreach (var head in _heads)
        {
            head.Dispose();
        }
    }

    private static Tensor Stacked(Tensor[] layers)
    {
        var stacked = stack(layers, 0);
        foreach (var layer in layers)
        {
            layer.Dispose();
        }

        return stacked;
    }

    private Tensor AgainstMaps(Tensor images, ReferenceFeatures references, BernoulliDropout? dropout, bool own)
    {
        if (!_network.UsesVectors(images))
        {
            throw new ArgumentException("Pictures and references are of different types, or on different devices.", nameof(images));
        }

        var distance = new VectorDistance(_network, _weights ??= HeadValues(), references, own);
        if (is_grad_enabled() && images.requires_grad)
        {
            return VectorDistanceFunction.apply(distance, images, dropout!);
        }

        using (distance)
        using (var pictures = ScaledPictures.Read(images))
        {
            return tensor(Array.ConvertAll(distance.Measure(pictures, dropout), value => (float)value), [references.Count, images.shape[0]]);
        }
    }

    // [N, C, h, w] and the same or [1, C, h, w] → [N].
    private Tensor Compare(int layer, Tensor left, Tensor right)
    {
        using var scope = NewDisposeScope();
        return ((left - right).Squared().mean([2, 3]) * _heads[layer]).sum([1]).MoveToOuterDisposeScope();
    }
}
