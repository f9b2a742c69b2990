using System.Runtime.Intrinsics.X86;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Denoising;

/// <summary>
/// Predicts the distribution of each clean pixel from all pixels but itself (Laine, Karras, Lehtinen, Aila 2019, section 3 and appendix): four rotated copies
/// go through one U-Net that only looks upwards, are turned back, and are joined by 1×1 layers.
/// </summary>
internal sealed class BlindSpotNetwork(BlindSpotLayout layout, Device? device = null, ScalarType type = ScalarType.Float32) : IDisposable
{
    public BlindSpotLayout Layout { get; } = layout;

    public FlatParameters Parameters { get; } = new(layout.Layers, device, type);

    // Our own vector code, where it can run. Gradients of the input, other types and devices are the tensor library's.
    private readonly BlindSpotEngine? _engine = Fma.IsSupported && type == ScalarType.Float32 && (device is null or { type: DeviceType.CPU }) ? new BlindSpotEngine(layout) : null;

    /// <summary>Side in pixels of the largest square that takes less than about half a gigabyte.</summary>
    public int LargestSide => _engine is not null && Layout.DecoderWidths[0] <= 48 ? 512 : 256;

    /// <summary>The raw prediction: mean, then the upper triangle of the covariance's factor.</summary>
    /// <param name="x">Square images <c>[N, C, S, S]</c>; S a multiple of the layout's stride. Borrowed.</param>
    /// <returns><c>[N, 9 or 2, S, S]</c>, channels-last strides. The caller owns it.</returns>
    public Tensor Predict(Tensor x)
    {
        var shape = x.Require($"N {Layout.Channels} H W");
        if (shape[2] != shape[3] || shape[2] % Layout.Stride != 0)
        {
            throw new ArgumentException($"The network takes squares with sides that are multiples of {Layout.Stride}, not {shape[2]} × {shape[3]}.", nameof(x));
        }

        if (_engine is not null && x.dtype == float32 && x.device_type == DeviceType.CPU && !(x.requires_grad && is_grad_enabled()))
        {
            return PredictByEngine(_engine, x);
        }

        using var scope = NewDisposeScope();
        var rotated = cat([x, x.rot90(1, (2, 3)), x.rot90(2, (2, 3)), x.rot90(3, (2, 3))], 0).ChannelsLast();
        return Head(Join(HalfPlane.Shift(Branch(rotated), 1 + Layout.Hole))).MoveToOuterDisposeScope();
    }

    public void Dispose() => Parameters.Dispose();

    private Tensor PredictByEngine(BlindSpotEngine engine, Tensor x)
    {
        engine.Load(Parameters.Values, is_grad_enabled());
        var pass = new BlindSpotPass(engine, x);
        if (is_grad_enabled())
        {
            // Freed by the way back.
            var own = (Layout with { LearnedNoise = 0 }).Layers;
            return BlindSpotFunction.apply([pass, .. own.SelectMany(layer => new[] { Parameters[layer.Name].Weight, Parameters[layer.Name].Bias })]);
        }

        using (pass)
        {
            return pass.Infer();
        }
    }

    // The U-Net of one direction: output row r sees rows ≤ r.
    private Tensor Branch(Tensor input)
    {
        var skips = new Stack<Tensor>([input]);
        var x = Layer(input, "enc0");
        for (var level = 1; level <= Layout.Poolings; level++)
        {
            x = HalfPlane.Pool(Layer(x, $"enc{level}"));
            if (level < Layout.Poolings)
            {
                skips.Push(x);
            }
        }

        x = Layer(x, $"enc{Layout.Poolings + 1}");
        for (var level = Layout.Poolings; level >= 1; level--)
        {
            var (weight, bias) = Parameters[$"dec{level}a"];
            x = HalfPlane.UpLayer(x, skips.Pop(), weight, bias);
            if (level > 1 || Layout.TopConvolutions == 2)
            {
                x = Layer(x, $"dec{level}b");
            }
        }

        return x;
    }

    private Tensor Layer(Tensor x, string name) => HalfPlane.Layer(x, Parameters[name].Weight, Parameters[name].Bias);

    // [4N, C, S, S] → [N, 4C, S, S]: each quarter turned back.
    private static Tensor Join(Tensor branches)
    {
        var parts = branches.chunk(4, 0);
        return cat([parts[0], parts[1].rot90(3, (2, 3)), parts[2].rot90(2, (2, 3)), parts[3].rot90(1, (2, 3))], 1).ChannelsLast();
    }

    private Tensor Head(Tensor x)
    {
        x = HalfPlane.Rectify(Pointwise(x, "head0"));
        x = HalfPlane.Rectify(Pointwise(x, "head1"));
        return Pointwise(x, "head2");
    }

    private Tensor Pointwise(Tensor x, string name) => F.conv2d(x, Parameters[name].Weight, Parameters[name].Bias);
}
