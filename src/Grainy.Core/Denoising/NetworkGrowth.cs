using Grainy.Core.Tensors;

namespace Grainy.Core.Denoising;

/// <summary>
/// Makes a larger blind-spot network of a trained smaller one so that it predicts the same at first: what is added reads something, but nothing that was there
/// before reads it yet (after Chen, Goodfellow, Shlens 2016, Net2Net).
/// </summary>
internal static class NetworkGrowth
{
    /// <summary>True when every part of <paramref name="small"/> has its place in <paramref name="large"/>.</summary>
    public static bool Fits(BlindSpotLayout small, BlindSpotLayout large) =>
        (small.Channels, small.TopConvolutions, small.Hole, small.Covariance, small.LearnedNoise, small.NoisePerImage)
            == (large.Channels, large.TopConvolutions, large.Hole, large.Covariance, large.LearnedNoise, large.NoisePerImage)
        && small.Poolings <= large.Poolings
        && small.EncoderWidths.Zip(large.EncoderWidths).All(pair => pair.First <= pair.Second)
        && small.DecoderWidths.Zip(large.DecoderWidths).All(pair => pair.First <= pair.Second)
        // Two maps for each one of the lowest layer, see Bridge.
        && (small.Poolings == large.Poolings || 2 * small.EncoderWidths[^1] <= large.DecoderWidths[small.Poolings]);

    /// <summary>Parameters of the larger network.</summary>
    /// <param name="small">Layout of the trained one.</param>
    /// <param name="weights">Its parameters.</param>
    /// <param name="large">A layout that it fits.</param>
    /// <param name="seeds">Of the random kernels of what is added.</param>
    public static float[] Into(BlindSpotLayout small, float[] weights, BlindSpotLayout large, SeedSequence seeds)
    {
        using var grown = new FlatParameters(large.Layers);
        grown.Initialise(seeds);
        var to = new Places(large, grown.ToArray());
        var from = new Places(small, weights);
        foreach (var layer in small.Layers)
        {
            Copy(from, to, layer.Name, layer.Name, Inputs(small, large, layer));
        }

        if (small.Poolings < large.Poolings)
        {
            Bridge(small, large, from, to);
        }

        return to.Values;
    }

    // Where each input of a layer lies in the larger layer; -1: nowhere.
    private static int[] Inputs(BlindSpotLayout small, BlindSpotLayout large, LayerSpec layer)
    {
        var inputs = Enumerable.Range(0, layer.In).ToArray();
        if (layer.Name == "head0")
        {
            var (width, wider) = (small.DecoderWidths[0], large.DecoderWidths[0]);
            return [.. inputs.Select(input => (input / width * wider) + (input % width))];
        }

        if (!layer.Name.StartsWith("dec", StringComparison.Ordinal) || !layer.Name.EndsWith('a'))
        {
            return inputs;
        }

        var level = layer.Name[3] - '0';
        var (below, wide) = (small.Below(level), large.Below(level));
        var lost = level == small.Poolings && level < large.Poolings;
        return [.. inputs.Select(input => input >= below ? input - below + wide : lost ? -1 : input)];
    }

    // The smaller network's lowest layer fed the decoder directly. In the larger one that place is the output of two layers: the first repeats the lowest layer, the second
    // gives each map and its negative, whose rectified difference is the map times (1 + slope).
    private static void Bridge(BlindSpotLayout small, BlindSpotLayout large, Places from, Places to)
    {
        var level = small.Poolings;
        var (first, second, reader) = ($"dec{level + 1}a", $"dec{level + 1}b", $"dec{level}a");
        var (lowest, width) = ($"enc{level + 1}", small.EncoderWidths[level]);
        var skip = large.Below(level + 1);
        Copy(from, to, lowest, first, [.. Enumerable.Range(0, from[lowest].In).Select(input => skip + input)]);
        var scale = 1 / (1 + BlindSpotEngine.Slope);
        for (var map = 0; map < width; map++)
        {
            foreach (var (output, sign) in new[] { (map, 1), (width + map, -1) })
            {
                to.Clear(second, output);
                to.Kernel(second, output, map)[7] = sign; // its own place: the last of three rows, the middle column
                for (var read = 0; read < from[reader].Out; read++)
                {
                    var old = from.Kernel(reader, read, map);
                    var fresh = to.Kernel(reader, read, output);
                    for (var tap = 0; tap < old.Length; tap++)
                    {
                        fresh[tap] = sign * scale * old[tap];
                    }
                }
            }
        }
    }

    private static void Copy(Places from, Places to, string source, string target, int[] inputs)
    {
        for (var output = 0; output < from[source].Out; output++)
        {
            to.Clear(target, output);
            to.Bias(target)[output] = from.Bias(source)[output];
            for (var input = 0; input < inputs.Length; input++)
            {
                if (inputs[input] >= 0)
                {
                    from.Kernel(source, output, input).CopyTo(to.Kernel(target, output, inputs[input]));
                }
            }
        }
    }

    // All parameters of a network, and where each layer's lie.
    private sealed class Places
    {
        private readonly Dictionary<string, (LayerSpec Spec, int Offset)> _layers = new(StringComparer.Ordinal);

        public Places(BlindSpotLayout layout, float[] values)
        {
            var offset = 0;
            foreach (var layer in layout.Layers)
            {
                _layers[layer.Name] = (layer, offset);
                offset += layer.Count;
            }

            Values = values;
        }

        public float[] Values { get; }

        public LayerSpec this[string layer] => _layers[layer].Spec;

        public Span<float> Kernel(string layer, int output, int input)
        {
            var (spec, offset) = _layers[layer];
            var taps = spec.Side * spec.Side;
            return Values.AsSpan(offset + (((output * spec.In) + input) * taps), taps);
        }

        public Span<float> Bias(string layer)
        {
            var (spec, offset) = _layers[layer];
            return Values.AsSpan(offset + spec.WeightCount, spec.Out);
        }

        // Whatever an output read.
        public void Clear(string layer, int output)
        {
            var (spec, offset) = _layers[layer];
            var count = spec.In * spec.Side * spec.Side;
            Values.AsSpan(offset + (output * count), count).Clear();
            Bias(layer)[output] = 0;
        }
    }
}
