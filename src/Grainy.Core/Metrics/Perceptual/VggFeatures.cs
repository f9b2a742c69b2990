using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Which layers of VGG-16 are compared, and how it pools.</summary>
internal enum VggVariant
{
    /// <summary>LPIPS, and the plain mode of E-LPIPS: the last layer before each pool and the very last one, with maximum pooling.</summary>
    Lpips,

    /// <summary>E-LPIPS: the scaled input itself and all thirteen layers, with average pooling (the weights are not retrained for it).</summary>
    Full,
}

/// <summary>Rectified layers of VGG-16 (torchvision's weights): 3 × 3 convolutions, pools of 2 × 2 that drop an odd last row or column.</summary>
internal sealed class VggFeatures : FeatureNetwork
{
    /// <summary>Index in torchvision's list of layers, channels out.</summary>
    internal static readonly (int Index, int Channels)[] Convolutions =
    [
        (0, 64), (2, 64), (5, 128), (7, 128), (10, 256), (12, 256), (14, 256), (17, 512), (19, 512), (21, 512), (24, 512), (26, 512), (28, 512),
    ];

    /// <summary>The first convolution of each later block; a pool comes before it.</summary>
    private static readonly int[] PooledBefore = [5, 10, 17, 24];

    /// <summary>The last convolution of each block.</summary>
    private static readonly int[] BlockEnds = [2, 7, 14, 21, 28];

    private readonly VggVariant _variant;

    public VggFeatures(WeightSet weights, VggVariant variant, Device device)
    {
        _variant = variant;
        Description = $"vgg16@{weights.Hash[..8]} {(variant == VggVariant.Full ? "avgpool" : "maxpool")} 2×2/2 floor";
        var input = 3;
        foreach (var (index, channels) in Convolutions)
        {
            LoadConvolution(weights, $"features.{index}", channels, input, 3, device);
            input = channels;
        }

        Channels = variant == VggVariant.Full
            ? [3, .. Convolutions.Select(layer => layer.Channels)]
            : [.. Convolutions.Where(layer => BlockEnds.Contains(layer.Index)).Select(layer => layer.Channels)];
        Field = variant == VggVariant.Full ? new ReceptiveField().Visit() : new ReceptiveField();
        foreach (var (index, _) in Convolutions)
        {
            var pooled = PooledBefore.Contains(index) ? Field.Window(2, 2) : Field;
            _ = variant == VggVariant.Full || BlockEnds.Contains(index) ? pooled.Window(3, padding: 1).Visit() : pooled.Window(3, padding: 1);
        }
    }

    public override IReadOnlyList<int> Channels { get; }

    public override string Description { get; }

    public override ReceptiveField Field { get; }

    /// <summary>Its work per pixel is forty times that of SqueezeNet: smaller tiles would be mostly context, larger ones hold up others for longer.</summary>
    public override int TileSide => 256;

    protected override void Run<T>(ILayers<T> layers, T images, Action<int, T> visit)
    {
        var layer = 0;
        if (_variant == VggVariant.Full)
        {
            visit(layer++, images);
        }

        T? previous = null;
        foreach (var (index, _) in Convolutions)
        {
            using (var owned = previous)
            {
                using var pooled = PooledBefore.Contains(index) ? layers.Pool(owned!, 2, 2, average: _variant == VggVariant.Full) : null;
                previous = layers.Convolve($"features.{index}", pooled ?? owned ?? images, padding: 1);
            }

            if (_variant == VggVariant.Full || BlockEnds.Contains(index))
            {
                visit(layer++, previous);
            }
        }

        previous?.Dispose();
    }
}
