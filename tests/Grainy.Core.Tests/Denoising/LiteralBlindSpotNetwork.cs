using Grainy.Core.Denoising;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Tests.Denoising;

/// <summary>
/// The network as the paper describes it, step by step and without any short cut: pad, convolve, crop; double, concatenate; shift, pool. The yardstick for the
/// fast one.
/// </summary>
internal static class LiteralBlindSpotNetwork
{
    public static Tensor Predict(BlindSpotNetwork network, Tensor x) => Predict(network.Layout, name => network.Parameters[name], x);

    public static Tensor Predict(BlindSpotLayout layout, Func<string, (Tensor Weight, Tensor Bias)> parameters, Tensor x)
    {
        using var scope = NewDisposeScope();
        var t = cat([x, x.rot90(1, (2, 3)), x.rot90(2, (2, 3)), x.rot90(3, (2, 3))], 0);
        var skips = new Stack<Tensor>([t]);
        t = Layer(t, "enc0");
        for (var level = 1; level <= layout.Poolings; level++)
        {
            t = F.max_pool2d(Shift(Layer(t, $"enc{level}")), [2, 2]);
            if (level < layout.Poolings)
            {
                skips.Push(t);
            }
        }

        t = Layer(t, $"enc{layout.Poolings + 1}");
        for (var level = layout.Poolings; level >= 1; level--)
        {
            t = cat([F.interpolate(t, scale_factor: [2.0, 2.0], mode: InterpolationMode.Nearest), skips.Pop()], 1);
            t = Layer(t, $"dec{level}a");
            t = level > 1 || layout.TopConvolutions == 2 ? Layer(t, $"dec{level}b") : t;
        }

        var parts = Shift(t).chunk(4, 0);
        t = cat([parts[0], parts[1].rot90(3, (2, 3)), parts[2].rot90(2, (2, 3)), parts[3].rot90(1, (2, 3))], 1);
        t = F.leaky_relu(Pointwise(t, "head0"), 0.1);
        t = F.leaky_relu(Pointwise(t, "head1"), 0.1);
        return Pointwise(t, "head2").MoveToOuterDisposeScope();

        Tensor Layer(Tensor input, string name)
        {
            var (weight, bias) = parameters(name);
            var all = F.conv2d(F.pad(input, [0, 0, 1, 0]), weight, bias, padding: [1, 1]);
            return F.leaky_relu(all.narrow(2, 0, input.shape[2]), 0.1);
        }

        Tensor Pointwise(Tensor input, string name)
        {
            var (weight, bias) = parameters(name);
            return F.conv2d(input, weight, bias);
        }

        static Tensor Shift(Tensor input) => cat([zeros_like(input.narrow(2, 0, 1)), input.narrow(2, 0, input.shape[2] - 1)], 2);
    }
}
