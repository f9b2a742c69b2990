using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using Grainy.Core.Convolutions;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Features of a pass that can be gone back.</summary>
internal sealed class TracedMap(FeatureMap values, bool rectified) : IDisposable
{
    /// <summary>The features.</summary>
    public FeatureMap Values => values;

    /// <summary>True where a rectifier came last, so that nothing goes back to places without a positive value.</summary>
    public bool IsRectified => rectified;

    /// <summary>Number of the layer where the features are compared; −1 where they are not.</summary>
    public int Layer { get; set; } = -1;

    /// <summary>What has come back from the layers behind; null for nothing.</summary>
    public FeatureMap? Gradient { get; set; }

    /// <summary>Nothing: all maps stay until the pass frees them.</summary>
    public void Dispose()
    {
    }
}

/// <summary>
/// Layers by our own vector code that remember what the way back to the picture needs: the values, for rectifiers and maxima, and the masks of dropout. Kernels are fixed, so
/// nothing goes back to them. Each map is read by one layer, as in all our networks.
/// </summary>
/// <param name="images">The input; owned from now on.</param>
/// <param name="forward">Gives the convolution of a name, a stride and a padding.</param>
/// <param name="backward">Gives the way back through it.</param>
/// <param name="dropout">Null for none.</param>
internal sealed unsafe class TracedPass(
    FeatureMap images, Func<string, int, int, VectorConvolution> forward, Func<string, int, int, InputGradient> backward, BernoulliDropout? dropout)
    : ILayers<TracedMap>, IDisposable
{
    private const int Lanes = 8;
    private const int PointsAtOnce = 16_384;

    private readonly Stack<(TracedMap Result, Action<FeatureMap> Back)> _layers = [];

    /// <summary>The images.</summary>
    public TracedMap Input { get; } = new(images, rectified: false);

    public TracedMap Convolve(string name, TracedMap images, int stride = 1, int padding = 0, bool rectify = true)
    {
        var mask = dropout?.Draw(images.Values);
        using var masked = mask?.Apply(images.Values);
        var result = forward(name, stride, padding).Run(masked ?? images.Values, rectify ? 0 : 1);
        return Keep(result, rectify, gradient => Return(images, backward(name, stride, padding).Run(gradient, 0, images.Values), mask));
    }

    public TracedMap Expand(string narrow, string wide, TracedMap images)
    {
        var (first, second) = (forward(narrow, 1, 0), forward(wide, 1, 1));
        var joined = new FeatureMap(images.Values.Count, images.Values.Height, images.Values.Width, first.Outputs + second.Outputs);
        var (firstMask, secondMask) = (Write(first, 0), Write(second, first.Outputs));
        return Keep(joined, true, gradient =>
        {
            Return(images, backward(narrow, 1, 0).Run(gradient, 0, images.Values), firstMask);
            Return(images, backward(wide, 1, 1).Run(gradient, first.Outputs, images.Values), secondMask);
        });

        DropoutMask? Write(VectorConvolution convolution, int channel)
        {
            var mask = dropout?.Draw(images.Values);
            using var masked = mask?.Apply(images.Values);
            convolution.Run(masked ?? images.Values, joined, channel, 0);
            return mask;
        }
    }

    public TracedMap Pool(TracedMap images, int side, int stride, bool ceiling = false, bool average = false)
    {
        var result = Pooling.Run(images.Values, side, stride, ceiling, average);
        return Keep(result, false, gradient => Return(images, PoolingGradient.Run(images.Values, result, gradient, side, stride, average), null));
    }

    /// <summary>Goes back to the images, once; frees the maps on the way.</summary>
    /// <param name="compared">Is given each map that is compared, the last layer first: adds the gradient of its comparison to that of the map, or sets it where there
    /// is none, and lets nothing through to where a rectifier gave nothing.</param>
    /// <returns>Gradients of the images; the caller owns them.</returns>
    public FeatureMap Back(Action<TracedMap> compared)
    {
        while (_layers.TryPop(out var layer))
        {
            var result = layer.Result;
            using var values = result.Values;
            Complete(result, compared);
            using var gradient = result.Gradient;
            if (gradient is not null)
            {
                layer.Back(gradient);
            }
        }

        Complete(Input, compared);
        var found = Input.Gradient ?? throw new InvalidOperationException("Nothing of a network was compared.");
        Input.Gradient = null;
        Input.Values.Dispose();
        return found;
    }

    /// <summary>Hands out the maps that are compared, and frees the others.</summary>
    /// <param name="layers">By number; the caller owns them.</param>
    public void Release(FeatureMap[] layers)
    {
        foreach (var map in _layers.Select(layer => layer.Result).Append(Input))
        {
            if (map.Layer >= 0)
            {
                layers[map.Layer] = map.Values;
            }
            else
            {
                map.Values.Dispose();
            }
        }

        _layers.Clear();
    }

    /// <summary>Frees all maps.</summary>
    public void Dispose()
    {
        while (_layers.TryPop(out var layer))
        {
            layer.Result.Values.Dispose();
            layer.Result.Gradient?.Dispose();
        }

        Input.Values.Dispose();
        Input.Gradient?.Dispose();
    }

    private static void Complete(TracedMap map, Action<TracedMap> compared)
    {
        if (map.Layer >= 0)
        {
            compared(map);
        }
        else if (map is { IsRectified: true, Gradient: { } gradient })
        {
            InParts(gradient, (from, count) => Mask(gradient.Data + from, map.Values.Data + from, count));
        }
    }

    private static void Return(TracedMap map, FeatureMap gradient, DropoutMask? mask)
    {
        mask?.Apply(gradient, gradient);
        if (map.Gradient is not { } there)
        {
            map.Gradient = gradient;
            return;
        }

        using (gradient)
        {
            InParts(there, (from, count) => Add(there.Data + from, gradient.Data + from, count));
        }
    }

    private TracedMap Keep(FeatureMap values, bool rectified, Action<FeatureMap> back)
    {
        var map = new TracedMap(values, rectified);
        _layers.Push((map, back));
        return map;
    }

    // Maps of rectified features have whole vectors of channels.
    private static void InParts(FeatureMap map, Action<long, int> part) =>
        Spread.For((int)((map.Length + PointsAtOnce - 1) / PointsAtOnce), i => part((long)i * PointsAtOnce, (int)Math.Min(PointsAtOnce, map.Length - ((long)i * PointsAtOnce))));

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Mask(float* gradient, float* values, int count)
    {
        for (var i = 0; i < count; i += Lanes)
        {
            (Vector256.Load(gradient + i) & Vector256.GreaterThan(Vector256.Load(values + i), default)).Store(gradient + i);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Add(float* sum, float* addend, int count)
    {
        for (var i = 0; i < count; i += Lanes)
        {
            (Vector256.Load(sum + i) + Vector256.Load(addend + i)).Store(sum + i);
        }
    }
}
