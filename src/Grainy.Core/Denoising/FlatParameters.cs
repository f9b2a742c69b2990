using System.Runtime.InteropServices;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>
/// All parameters of a network in one flat tensor, and their gradients in another: the optimiser's step is a handful of operations on the whole, and saving is
/// one copy. The layers work on views. Owns its tensors.
/// </summary>
internal sealed class FlatParameters : IDisposable
{
    private readonly Dictionary<string, (Tensor Weight, Tensor Bias)> _views = new(StringComparer.Ordinal);
    private readonly List<Tensor> _owned = [];

    public FlatParameters(IReadOnlyList<LayerSpec> layers, Device? device = null, ScalarType type = ScalarType.Float32)
    {
        Layers = layers;
        Count = layers.Sum(layer => layer.Count);
        Values = Own(zeros(Count, dtype: type, device: device));
        Gradients = Own(zeros(Count, dtype: type, device: device));
        var offset = 0L;
        foreach (var layer in layers)
        {
            _views[layer.Name] = (View(ref offset, layer.WeightShape), View(ref offset, [layer.Out]));
        }
    }

    public IReadOnlyList<LayerSpec> Layers { get; }

    public int Count { get; }

    /// <summary><c>[Count]</c>: layer after layer, kernel then bias.</summary>
    public Tensor Values { get; }

    /// <summary><c>[Count]</c>: where the backward pass adds the gradients.</summary>
    public Tensor Gradients { get; }

    /// <summary>Kernel and bias of a layer: borrowed leaves that share the memory of <see cref="Values"/>.</summary>
    public (Tensor Weight, Tensor Bias) this[string layer] => _views[layer];

    /// <summary>Fills all kernels from streams named after their layer; biases are zero.</summary>
    public void Initialise(SeedSequence seeds)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Values.zero_();
        foreach (var layer in Layers.Where(layer => !layer.Zero))
        {
            using var generator = seeds.For($"init.{layer.Name}");
            var start = NormalStart(layer, generator);
            _views[layer.Name].Weight.detach().copy_(start);
        }

        // Drawn on the processor, so that all devices start from the same numbers.
        static Tensor NormalStart(LayerSpec layer, Generator generator)
        {
            var kernel = empty(layer.WeightShape, dtype: float32);
            WeightInit.HeNormal(kernel, layer.Linear ? 1 : WeightInit.RectifierGain, generator);
            return kernel;
        }
    }

    /// <summary>A copy of all parameters.</summary>
    public float[] ToArray() => Copy(Values);

    /// <summary>Overwrites all parameters.</summary>
    public void Load(float[] values)
    {
        if (values.Length != Count)
        {
            throw new ArgumentException($"{values.Length} numbers do not fill a network of {Count} parameters.", nameof(values));
        }

        using var scope = NewDisposeScope();
        using var _ = no_grad();
        Values.copy_(tensor(values));
    }

    /// <summary>The numbers of a flat tensor of any device, as float32.</summary>
    public static float[] Copy(Tensor flat)
    {
        using var scope = NewDisposeScope();
        var copy = new float[flat.numel()];
        flat.detach().to(float32).cpu().contiguous().bytes.CopyTo(MemoryMarshal.AsBytes(copy.AsSpan()));
        return copy;
    }

    public void Dispose()
    {
        foreach (var owned in _owned)
        {
            owned.Dispose();
        }
    }

    private Tensor View(ref long offset, long[] shape)
    {
        var count = shape.Aggregate(1L, (product, size) => product * size);
        using var scope = NewDisposeScope();
        var view = Own(Values.narrow(0, offset, count).view(shape).detach().requires_grad_());
        view.grad = Own(Gradients.narrow(0, offset, count).view(shape).detach());
        offset += count;
        return view;
    }

    private Tensor Own(Tensor tensor)
    {
        tensor.DetachFromDisposeScope();
        _owned.Add(tensor);
        return tensor;
    }
}
