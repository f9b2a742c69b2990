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

    public override void Run(Tensor images, BernoulliDropout? dropout, Action<int, Tensor> visit)
    {
        using var scope = NewDisposeScope();
        var x = Visited(0, Convolve("features.0", images, dropout, stride: 4, padding: 2));
        x = Visited(1, Pooled("features.3", x, padding: 2));
        x = Visited(2, Pooled("features.6", x, padding: 1));
        x = Visited(3, Next("features.8", x));
        Visited(4, Next("features.10", x));

        Tensor Visited(int layer, Tensor features)
        {
            visit(layer, features);
            return features;
        }

        Tensor Pooled(string name, Tensor previous, long padding)
        {
            using var inner = NewDisposeScope();
            var pooled = nn.functional.max_pool2d(previous, [3, 3], [2, 2]);
            previous.Dispose();
            return Convolve(name, pooled, dropout, padding: padding).MoveToOuterDisposeScope();
        }

        Tensor Next(string name, Tensor previous)
        {
            var next = Convolve(name, previous, dropout, padding: 1);
            previous.Dispose();
            return next;
        }
    }
}
