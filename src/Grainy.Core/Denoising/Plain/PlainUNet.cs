using Grainy.Core.Tensors;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Denoising.Plain;

/// <summary>The U-Net of Lehtinen et al. 2018 (table 2): estimates the clean image from the whole noisy one, the pixel itself included.</summary>
internal sealed class PlainUNet(PlainLayout layout, Device? device = null, ScalarType type = ScalarType.Float32) : IDisposable
{
    public PlainLayout Layout { get; } = layout;

    public FlatParameters Parameters { get; } = new(layout.Layers, device, type);

    /// <summary>The clean images as the network sees them.</summary>
    /// <param name="x">Images <c>[N, C, H, W]</c>; H and W multiples of the layout's stride. Borrowed.</param>
    /// <returns><c>[N, C, H, W]</c>, channels-last strides. The caller owns it.</returns>
    public Tensor Predict(Tensor x)
    {
        var shape = x.Require($"N {Layout.Channels} H W");
        if (shape[2] % Layout.Stride != 0 || shape[3] % Layout.Stride != 0)
        {
            throw new ArgumentException($"The network takes sides that are multiples of {Layout.Stride}, not {shape[2]} × {shape[3]}.", nameof(x));
        }

        using var scope = NewDisposeScope();
        var input = x.ChannelsLast();
        var skips = new Stack<Tensor>([input]);
        var y = Layer(input, "enc0");
        for (var level = 1; level <= Layout.Poolings; level++)
        {
            y = Pool(Layer(y, $"enc{level}"));
            if (level < Layout.Poolings)
            {
                skips.Push(y);
            }
        }

        y = Layer(y, $"enc{Layout.Poolings + 1}");
        for (var level = Layout.Poolings; level >= 1; level--)
        {
            var (weight, bias) = Parameters[$"dec{level}a"];
            y = PlainLayers.UpLayer(y, level == 1 && Layout.Smooth ? null : skips.Pop(), weight, bias);
            y = Layer(y, $"dec{level}b");
        }

        var last = Parameters["dec1c"];
        return PlainLayers.Convolution(y, last.Weight, last.Bias).MoveToOuterDisposeScope();
    }

    public void Dispose() => Parameters.Dispose();

    private Tensor Layer(Tensor x, string name) => PlainLayers.Layer(x, Parameters[name].Weight, Parameters[name].Bias);

    private Tensor Pool(Tensor x) => Layout.Smooth ? PlainLayers.BlurredPool(x) : F.max_pool2d(x, [2, 2]);
}
