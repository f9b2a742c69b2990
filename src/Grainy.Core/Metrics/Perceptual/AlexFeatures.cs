using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>The five rectified layers of AlexNet (torchvision's variant).</summary>
internal sealed class AlexFeatures : FeatureNetwork
{
    public AlexFeatures(WeightSet weights, Device device)
    {
        Description = $"alexnet@{weights.Hash[..8]} maxpool 3×3/2";
        LoadConvolution(weights, "features.0", 64, 3, 11, device);
        LoadConvolution(weights, "features.3", 192, 64, 5, device);
        LoadConvolution(weights, "features.6", 384, 192, 3, device);
        LoadConvolution(weights, "features.8", 256, 384, 3, device);
        LoadConvolution(weights, "features.10", 256, 256, 3, device);
    }

    public override IReadOnlyList<int> Channels { get; } = [64, 192, 384, 256, 256];

    public override string Description { get; }

    public override ReceptiveField Field { get; } = new ReceptiveField()
        .Window(11, 4, 2).Visit()
        .Window(3, 2).Window(5, padding: 2).Visit()
        .Window(3, 2).Window(3, padding: 1).Visit()
        .Window(3, padding: 1).Visit()
        .Window(3, padding: 1).Visit();

    protected override void Run<T>(ILayers<T> layers, T images, Action<int, T> visit)
    {
        var x = layers.Convolve("features.0", images, stride: 4, padding: 2);
        visit(0, x);
        Follow("features.3", 1, padding: 2, pooled: true);
        Follow("features.6", 2, padding: 1, pooled: true);
        Follow("features.8", 3, padding: 1, pooled: false);
        Follow("features.10", 4, padding: 1, pooled: false);
        x.Dispose();

        void Follow(string name, int layer, int padding, bool pooled)
        {
            using (var previous = x)
            {
                using var fewer = pooled ? layers.Pool(previous, 3, 2) : null;
                x = layers.Convolve(name, fewer ?? previous, padding: padding);
            }

            visit(layer, x);
        }
    }
}
