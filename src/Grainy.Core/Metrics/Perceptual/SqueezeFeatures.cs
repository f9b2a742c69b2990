using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Which layers of SqueezeNet are compared, and how it pools; the two families differ in both.</summary>
internal enum SqueezeVariant
{
    /// <summary>LPIPS: the seven layers before the pools and after the last modules, pooling with ceiling.</summary>
    Lpips,

    /// <summary>The plain mode of E-LPIPS: as LPIPS, but pooling with floor.</summary>
    LpipsFloor,

    /// <summary>E-LPIPS: the scaled input itself and nine layers, pooling with floor.</summary>
    Full,
}

/// <summary>Rectified layers of SqueezeNet 1.1 (torchvision's weights).</summary>
internal sealed class SqueezeFeatures : FeatureNetwork
{
    // Index in torchvision's list of layers, then the channels of the squeeze and of each expand branch.
    private static readonly (int Index, long Squeeze, long Expand)[] Fires =
        [(3, 16, 64), (4, 16, 64), (6, 32, 128), (7, 32, 128), (9, 48, 192), (10, 48, 192), (11, 64, 256), (12, 64, 256)];

    private static readonly int[] PooledBefore = [3, 6, 9];

    private readonly SqueezeVariant _variant;
    private readonly int[] _layerOf;

    public SqueezeFeatures(WeightSet weights, SqueezeVariant variant, Device device)
    {
        _variant = variant;
        Description = $"squeezenet1_1@{weights.Hash[..8]} maxpool 3×3/2 {(Ceiling ? "ceil" : "floor")}";
        LoadConvolution(weights, "features.0", 64, 3, 3, device);
        var input = 64L;
        foreach (var (index, squeeze, expand) in Fires)
        {
            LoadConvolution(weights, $"features.{index}.squeeze", squeeze, input, 1, device);
            LoadConvolution(weights, $"features.{index}.expand1x1", expand, squeeze, 1, device);
            LoadConvolution(weights, $"features.{index}.expand3x3", expand, squeeze, 3, device);
            input = 2 * expand;
        }

        // Number of the visit after each fire module; −1 for none.
        (_layerOf, Channels) = variant == SqueezeVariant.Full
            ? ([2, 3, 4, 5, 6, 7, 8, 9], [3, 64, 128, 128, 256, 256, 384, 384, 512, 512])
            : (new[] { -1, 1, -1, 2, 3, 4, 5, 6 }, new[] { 64, 128, 256, 384, 384, 512, 512 });
        Field = (variant == SqueezeVariant.Full ? new ReceptiveField().Visit() : new ReceptiveField()).Window(3, 2).Visit();
        for (var module = 0; module < Fires.Length; module++)
        {
            // A module sees as far as its wider branch.
            var pooled = PooledBefore.Contains(Fires[module].Index) ? Field.Window(3, 2) : Field;
            _ = _layerOf[module] < 0 ? pooled.Window(3, padding: 1) : pooled.Window(3, padding: 1).Visit();
        }
    }

    public override IReadOnlyList<int> Channels { get; }

    public override string Description { get; }

    public override ReceptiveField Field { get; }

    private bool Ceiling => _variant == SqueezeVariant.Lpips;

    protected override void Run<T>(ILayers<T> layers, T images, Action<int, T> visit)
    {
        if (_variant == SqueezeVariant.Full)
        {
            visit(0, images);
        }

        var x = layers.Convolve("features.0", images, stride: 2);
        visit(_variant == SqueezeVariant.Full ? 1 : 0, x);
        for (var module = 0; module < Fires.Length; module++)
        {
            using (var previous = x)
            {
                x = Fire(layers, Fires[module].Index, previous);
            }

            if (_layerOf[module] >= 0)
            {
                visit(_layerOf[module], x);
            }
        }

        x.Dispose();
    }

    private T Fire<T>(ILayers<T> layers, int index, T previous)
        where T : class, IDisposable
    {
        using var pooled = PooledBefore.Contains(index) ? layers.Pool(previous, 3, 2, Ceiling) : null;
        using var squeezed = layers.Convolve($"features.{index}.squeeze", pooled ?? previous);
        return layers.Expand($"features.{index}.expand1x1", $"features.{index}.expand3x3", squeezed);
    }
}
