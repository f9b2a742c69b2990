using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Denoising.ZeroShot;

/// <summary>Predicts the noise of an image and takes it off. Sees two pixels to each side; sides are arbitrary.</summary>
internal sealed class ZeroShotNetwork(ZeroShotLayout layout, Device? device = null, ScalarType type = ScalarType.Float32) : IDisposable
{
    private static readonly Scalar Slope = 0.2;

    public ZeroShotLayout Layout { get; } = layout;

    public FlatParameters Parameters { get; } = new(layout.Layers, device, type);

    /// <summary>The image without the predicted noise.</summary>
    /// <param name="x">Images <c>[N, C, H, W]</c>. Borrowed.</param>
    /// <returns><c>[N, C, H, W]</c>. The caller owns it.</returns>
    public Tensor Predict(Tensor x)
    {
        x.Require($"N {Layout.Channels} H W");
        using var scope = NewDisposeScope();
        var y = Layer(Layer(x.ChannelsLast(), "conv0"), "conv1");
        var (weight, bias) = Parameters["conv2"];
        return (x - F.conv2d(y, weight, bias)).MoveToOuterDisposeScope();
    }

    public void Dispose() => Parameters.Dispose();

    private Tensor Layer(Tensor x, string name)
    {
        var (weight, bias) = Parameters[name];
        return F.conv2d(x, weight, bias, padding: [1, 1]).leaky_relu_(Slope).alias();
    }
}
