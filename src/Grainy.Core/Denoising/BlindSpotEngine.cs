using Grainy.Core.Convolutions;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>The layers of a blind-spot network in our own vector code, with the parameters as they were when last loaded.</summary>
internal sealed unsafe class BlindSpotEngine
{
    /// <summary>Of all rectifiers.</summary>
    public const float Slope = 0.1f;

    /// <summary>Channels of a picture, padded to whole vectors.</summary>
    public const int PictureChannels = 8;

    private static readonly string[] HeadNames = ["head0", "head1", "head2"];

    private readonly Dictionary<string, (TrainedConvolution? Plane, TrainedPointwise? Point, long Offset, LayerSpec Spec)> _layers = new(StringComparer.Ordinal);

    public BlindSpotEngine(BlindSpotLayout layout)
    {
        Layout = layout;
        var offset = 0L;
        foreach (var spec in layout.Layers)
        {
            // Only the picture has channels that do not fill vectors, and it comes last.
            var rows = (spec.In + PictureChannels - 1) / PictureChannels * PictureChannels;
            _layers[spec.Name] = spec.Side == 1
                ? (null, new TrainedPointwise(spec.Out, spec.In, spec.Linear ? 1 : Slope), offset, spec)
                : (new TrainedConvolution(spec.Out, spec.In, rows, Slope), null, offset, spec);
            offset += spec.Count;
        }

        Head = new BlindSpotHead([.. HeadNames.Select(name => _layers[name].Point!)], 1 + layout.Hole, Slope);
    }

    public BlindSpotLayout Layout { get; }

    /// <summary>What joins the branches.</summary>
    public BlindSpotHead Head { get; }

    /// <summary>Takes in the parameters, <c>[Count]</c>, float32 on the CPU; borrowed.</summary>
    public void Load(Tensor parameters, bool backward)
    {
        fixed (byte* bytes = parameters.bytes)
        {
            foreach (var (plane, point, offset, spec) in _layers.Values)
            {
                var kernels = (float*)bytes + offset;
                plane?.Load(kernels, kernels + spec.WeightCount, backward);
                point?.Load(kernels, kernels + spec.WeightCount);
            }
        }
    }

    /// <summary>A layer of a branch; see <see cref="TrainedConvolution.Run"/>.</summary>
    public FeatureMap Run(string layer, FeatureMap? into, params TileSource[] sources) => _layers[layer].Plane!.Run(into, sources);

    /// <summary>Gradients of a layer of a branch: of its parameters into <paramref name="parameters"/>, of what it read into the targets.</summary>
    /// <param name="layer">Name.</param>
    /// <param name="gradient">Before its rectifier; borrowed.</param>
    /// <param name="parameters">Of all layers; the layer's own are overwritten.</param>
    /// <param name="sources">What it read.</param>
    /// <param name="targets">None where nobody wants them.</param>
    public void Back(string layer, FeatureMap gradient, float* parameters, TileSource[] sources, params TrainedConvolution.Target[] targets)
    {
        var (plane, _, offset, spec) = _layers[layer];
        plane!.Weights(gradient, parameters + offset, parameters + offset + spec.WeightCount, sources);
        if (targets.Length > 0)
        {
            plane.Inputs(gradient, targets);
        }
    }

    /// <summary>Gradients of the head: of its parameters into <paramref name="parameters"/>, of the branches before their last rectifier; the caller owns those.</summary>
    /// <param name="branches">What it read; borrowed.</param>
    /// <param name="inner">What its first two layers gave; borrowed.</param>
    /// <param name="gradient">Of the prediction; borrowed.</param>
    /// <param name="parameters">Of all layers; the head's own are overwritten.</param>
    public FeatureMap BackHead(FeatureMap branches, FeatureMap[] inner, FeatureMap gradient, float* parameters) =>
        Head.Back(branches, inner, gradient, (layer, sums, shares, step) =>
        {
            var (_, point, offset, spec) = _layers[HeadNames[layer]];
            point!.Weights((float*)sums, shares, step, parameters + offset, parameters + offset + spec.WeightCount);
        });
}
