using Grainy.Core.Tensors;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Denoising;

/// <summary>
/// Estimates the parameters of the noise from the noisy image itself: a small U-Net with an ordinary view, averaged over the image (Laine et al. 2019, section 3.2). Its last
/// layer starts from zero; without that it does not converge.
/// </summary>
internal static class NoiseNetwork
{
    private const int Width = 24;
    private const string SharedName = "noise";

    /// <summary>Parameters that all images share: numbers without a network, kept as biases.</summary>
    public static LayerSpec Shared(int outputs) => new(SharedName, 0, outputs, 1, Linear: true, Zero: true);

    /// <summary>The layers of the estimator for images of <paramref name="channels"/> channels.</summary>
    public static IEnumerable<LayerSpec> Layers(int channels, int outputs) =>
    [
        new("noise.enc0", channels, Width, 3),
        new("noise.enc1", Width, Width, 3),
        new("noise.enc2", Width, Width, 3),
        new("noise.enc3", Width, Width, 3),
        new("noise.dec2", 2 * Width, Width, 3),
        new("noise.dec1", Width + channels, Width, 3),
        new("noise.head", Width, outputs, 1, Linear: true, Zero: true),
    ];

    /// <summary>The shared numbers, <c>[K, 1]</c>. The caller owns it.</summary>
    public static Tensor Shared(FlatParameters parameters) => parameters[SharedName].Bias.unsqueeze(1);

    /// <summary>One set of numbers per image.</summary>
    /// <param name="parameters">With <see cref="Layers"/>.</param>
    /// <param name="x">Noisy images <c>[N, C, H, W]</c>; H and W multiples of 4.</param>
    /// <returns><c>[N, K]</c>. The caller owns it.</returns>
    public static Tensor Predict(FlatParameters parameters, Tensor x)
    {
        using var scope = NewDisposeScope();
        var input = x.ChannelsLast();
        var top = F.max_pool2d(Layer(Layer(input, "enc0"), "enc1"), [2, 2]);
        var bottom = Layer(F.max_pool2d(Layer(top, "enc2"), [2, 2]), "enc3");
        var middle = Layer(cat([Doubled(bottom), top], 1), "dec2");
        var upper = Layer(cat([Doubled(middle), input], 1), "dec1");
        var (weight, bias) = parameters["noise.head"];
        return F.conv2d(upper, weight, bias).mean([2, 3]).MoveToOuterDisposeScope();

        Tensor Layer(Tensor map, string name)
        {
            var layer = parameters[$"noise.{name}"];
            return HalfPlane.Rectify(F.conv2d(map.ChannelsLast(), layer.Weight, layer.Bias, padding: [1, 1]));
        }

        static Tensor Doubled(Tensor map) => map.repeat_interleave(2, 2).repeat_interleave(2, 3);
    }
}
