using System.Runtime.Intrinsics;
using Grainy.Core.Convolutions;
using static TorchSharp.torch;

namespace Grainy.Core.Denoising;

/// <summary>One pass of some pictures through a blind-spot network, and back (see <see cref="BlindSpotNetwork"/> for the network itself).</summary>
/// <param name="engine">The layers; borrowed.</param>
/// <param name="x">N square pictures, <c>[N, C, S, S]</c>, float32 on the CPU; read by the constructor.</param>
internal sealed unsafe class BlindSpotPass(BlindSpotEngine engine, Tensor x) : IDisposable
{
    private readonly BlindSpotLayout _layout = engine.Layout;
    private readonly (int Count, int Channels, int Side) _size = ((int)x.shape[0], (int)x.shape[1], (int)x.shape[2]);
    private readonly float[] _pixels = FlatParameters.Copy(x);
    private readonly List<FeatureMap> _encoded = []; // enc0 … of the last encoder layer
    private readonly List<FeatureMap> _pooled = [];
    private readonly Dictionary<string, FeatureMap> _decoded = new(StringComparer.Ordinal);
    private FeatureMap? _pictures; // turned, padded to BlindSpotEngine.PictureChannels
    private FeatureMap[]? _head; // of the first two layers of the head

    /// <summary>The raw prediction, <c>[N, K, S, S]</c>; the caller owns it. Keeps the maps for <see cref="Backward(Tensor)"/>.</summary>
    public Tensor Forward()
    {
        var branches = Branches(0, 4, null);
        _head = [HeadRoom("head0", branches), HeadRoom("head1", branches)];
        return Prediction(branches);
    }

    /// <summary>The same for once: one direction after the other, in a fourth of the room.</summary>
    public Tensor Infer()
    {
        using var branches = new FeatureMap(4 * _size.Count, _size.Side, _size.Side, _layout.DecoderWidths[0]);
        for (var turn = 0; turn < 4; turn++)
        {
            Branches(turn, 1, branches.Images(turn * _size.Count, _size.Count));
            Free();
        }

        return Prediction(branches);
    }

    /// <summary>Gradients of all parameters, <c>[Count]</c>; the caller owns them. Frees the maps.</summary>
    /// <param name="gradient">Of the prediction; borrowed.</param>
    public Tensor Backward(Tensor gradient)
    {
        using var scope = NewDisposeScope();
        if (_head is null)
        {
            using var _ = Forward(); // once more, for a second way back
        }

        var flat = empty([_layout.ParameterCount], dtype: float32);
        fixed (byte* bytes = flat.bytes)
        {
            Backward(nn.functional.pad(gradient.detach().permute(0, 2, 3, 1), [0, TrainedKernels.Padded(_layout.Outputs) - _layout.Outputs]).permute(0, 3, 1, 2), (float*)bytes);
        }

        Free();
        return flat.MoveToOuterDisposeScope();
    }

    /// <inheritdoc />
    public void Dispose() => Free();

    // What the U-Net of some directions gives; all on the way is kept.
    private FeatureMap Branches(int firstTurn, int turns, FeatureMap? into)
    {
        _pictures = Turned(firstTurn, turns);
        var x = Keep(engine.Run("enc0", null, new TileSource(_pictures)), _encoded);
        for (var level = 1; level <= _layout.Poolings; level++)
        {
            x = Keep(engine.Run($"enc{level}", null, new TileSource(x)), _encoded);
            x = Keep(HalfPlaneMaps.Pool(x), _pooled);
        }

        x = Keep(engine.Run($"enc{_layout.Poolings + 1}", null, new TileSource(x)), _encoded);
        for (var level = _layout.Poolings; level >= 1; level--)
        {
            x = _decoded[$"dec{level}a"] = engine.Run($"dec{level}a", level > 1 || HasSecond(level) ? null : into, new TileSource(x, Doubled: true), new TileSource(Skip(level)));
            if (HasSecond(level))
            {
                x = _decoded[$"dec{level}b"] = engine.Run($"dec{level}b", level > 1 ? null : into, new TileSource(x));
            }
        }

        return x;
    }

    private Tensor Prediction(FeatureMap branches)
    {
        using var prediction = engine.Head.Run(branches, _head);
        using var scope = NewDisposeScope();
        return prediction.ToTensor().narrow(1, 0, _layout.Outputs).MoveToOuterDisposeScope();
    }

    // Pictures in some of the four directions.
    private FeatureMap Turned(int firstTurn, int turns)
    {
        var (count, channels, side) = _size;
        var turned = new FeatureMap(turns * count, side, side, BlindSpotEngine.PictureChannels);
        Spread.For(turned.Count * side, line =>
        {
            var (image, row) = Math.DivRem(line, side);
            var (turn, original) = Math.DivRem(image, count);
            // A row comes from a row or a column.
            var (first, second) = (From(firstTurn + turn, row, 0), From(firstTurn + turn, row, 1));
            var (step, plane) = (second - first, side * side);
            var to = turned.At(image, row, 0);
            fixed (float* planes = _pixels)
            {
                var from = planes + ((long)original * channels * plane) + first;
                for (var column = 0; column < side; column++, from += step, to += turned.Channels)
                {
                    Vector256<float>.Zero.Store(to);
                    for (var channel = 0; channel < channels; channel++)
                    {
                        to[channel] = from[channel * plane];
                    }
                }
            }
        });
        return turned;

        int From(int turn, int row, int column)
        {
            var (fromRow, fromColumn) = HalfPlaneMaps.Turned((4 - turn) % 4, row, column, side);
            return (fromRow * side) + fromColumn;
        }
    }

    private void Backward(Tensor gradient, float* parameters)
    {
        using var prediction = FeatureMap.Of(gradient);
        var g = engine.BackHead(_decoded[HasSecond(1) ? "dec1b" : "dec1a"], _head!, prediction, parameters);
        var skips = new FeatureMap?[_layout.Poolings + 1]; // of the pooled maps, by level
        for (var level = 1; level <= _layout.Poolings; level++)
        {
            var first = _decoded[$"dec{level}a"];
            if (HasSecond(level))
            {
                g = Inner($"dec{level}b", g, parameters, first, rectified: true);
            }

            var low = level == _layout.Poolings ? _encoded[^1] : _decoded[$"dec{level + 1}b"];
            var lowGradient = Like(low);
            var targets = new List<TrainedConvolution.Target> { new(lowGradient, low, Doubled: true) };
            if (level > 1)
            {
                targets.Add(new(skips[level - 1] = Like(Skip(level))));
            }

            engine.Back($"dec{level}a", g, parameters, [new TileSource(low, Doubled: true), new TileSource(Skip(level))], [.. targets]);
            g = Replace(g, lowGradient);
        }

        g = Inner($"enc{_layout.Poolings + 1}", g, parameters, _pooled[^1], rectified: false);
        for (var level = _layout.Poolings; level >= 1; level--)
        {
            g = Replace(g, HalfPlaneMaps.PoolGradient(_encoded[level], g, skips[level], BlindSpotEngine.Slope));
            skips[level]?.Dispose();
            g = level == 1 ? Inner("enc1", g, parameters, _encoded[0], rectified: true) : Inner($"enc{level}", g, parameters, _pooled[level - 2], rectified: false);
        }

        engine.Back("enc0", g, parameters, [new TileSource(_pictures!)]);
        g.Dispose();
    }

    // A layer with one source.
    private FeatureMap Inner(string layer, FeatureMap gradient, float* parameters, FeatureMap x, bool rectified)
    {
        var result = Like(x);
        engine.Back(layer, gradient, parameters, [new TileSource(x)], new TrainedConvolution.Target(result, rectified ? x : null));
        return Replace(gradient, result);
    }

    // Room for what a layer of the head gives.
    private FeatureMap HeadRoom(string layer, FeatureMap branches) =>
        new(branches.Count / 4, branches.Height, branches.Width, TrainedKernels.Padded(_layout.Layers.First(spec => spec.Name == layer).Out));

    private FeatureMap Skip(int level) => level > 1 ? _pooled[level - 2] : _pictures!;

    private bool HasSecond(int level) => level > 1 || _layout.TopConvolutions == 2;

    private static FeatureMap Keep(FeatureMap map, List<FeatureMap> list)
    {
        list.Add(map);
        return map;
    }

    private static FeatureMap Like(FeatureMap map) => new(map.Count, map.Height, map.Width, map.Channels);

    private static FeatureMap Replace(FeatureMap old, FeatureMap fresh)
    {
        old.Dispose();
        return fresh;
    }

    private void Free()
    {
        foreach (var map in _encoded.Concat(_pooled).Concat(_decoded.Values).Concat(_head ?? []))
        {
            map.Dispose();
        }

        _pictures?.Dispose();
        _encoded.Clear();
        _pooled.Clear();
        _decoded.Clear();
        _head = null;
    }
}
