using System.Numerics;
using System.Runtime.InteropServices;
using Grainy.Core.Images;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Maps;

/// <summary>
/// Maps of distances of features: each layer's local differences, interpolated to the size of the images. For E-LPIPS the map of every random transform is brought
/// back to where the pixels came from, and all are averaged.
/// </summary>
internal sealed class FeatureMaps(string name, FeatureDistance distance, ImageBuffer a, ImageBuffer b)
{
    private readonly float[] _sum = new float[a.Width * a.Height];
    private readonly float[][] _layers = (long)a.Width * a.Height > MetricMaps.MostLayerPixels
        ? []
        : [.. distance.Heads.Select(_ => new float[a.Width * a.Height])];

    private double _value;

    /// <summary>Computes the map; see <see cref="MetricMaps.Compute"/>.</summary>
    public IEnumerable<MetricMapUpdate> Run(bool ensemble, MetricOptions options, CancellationToken ct)
    {
        var scales = options.Scales ?? ELpipsSampler.Scales(a.Height, a.Width);
        var samples = options.Samples ?? MetricMaps.DefaultSamples;
        IReadOnlyList<(PictureDraw Draw, double Weight)> draws = ensemble ? MapDraws.Make(scales, samples, options.Seed) : [(PictureDraw.Plain, 1)];
        var tiled = new TiledDistance(distance, b, [a]);
        for (var i = 0; i < draws.Count; i++)
        {
            LayerMap[] maps = [.. distance.Network.Field.Steps.Select(step => new LayerMap(step))];
            foreach (var share in tiled.Map(draws[i].Draw, maps, ct))
            {
                yield return new MetricMapUpdate((i + share) / draws.Count * 0.99, null);
            }

            for (var layer = 0; layer < maps.Length; layer++)
            {
                ct.ThrowIfCancellationRequested();
                Add(layer, maps[layer], draws[i]);
                if (_layers.Length == 0)
                {
                    yield return new MetricMapUpdate((i + 1) / (double)draws.Count * 0.99, null);
                }
            }
        }

        var how = ensemble ? $"; scales 1–{scales}, all transforms undone, dropout 0.01; n {samples}; seed {options.Seed}" : "";
        yield return new MetricMapUpdate(1, Result($"map; {name}; {distance.Description}; {MetricInput.Describe(options)}{how}"));
    }

    private MetricMap Result(string fingerprint)
    {
        var layers = _layers.Select((map, layer) => new MetricMapLayer(
            FormattableString.Invariant($"layer {layer} ({distance.Network.Channels[layer]} channels, every {Spacing(distance.Network.Field.Steps[layer])})"), Image(map)));
        var mean = 0.0;
        foreach (var value in _sum)
        {
            mean += value;
        }

        return new MetricMap(name, Image(_sum), [.. layers], mean / _sum.Length, _value, fingerprint);
    }

    private static string Spacing(int step) => step == 1 ? "pixel" : FormattableString.Invariant($"{step} pixels");

    private ImageBuffer Image(float[] map) => new(1, a.Height, a.Width, map);

    private void Add(int layer, LayerMap map, (PictureDraw Draw, double Weight) draw)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var places = map.ToTensor();
        _value += draw.Weight * places.mean([0, 1, 2, 3], type: float64).item<double>();
        var (height, width) = TransformedPicture.SizeOf(a, draw.Draw.Transform);
        var large = nn.functional.interpolate(places, [height, width], mode: InterpolationMode.Bilinear, align_corners: false);
        var own = draw.Draw.Transform.Undo(large, a.Height, a.Width).contiguous();
        var values = MemoryMarshal.Cast<byte, float>(own.bytes);
        Add(_sum, values, (float)draw.Weight);
        if (_layers.Length > 0)
        {
            Add(_layers[layer], values, (float)draw.Weight);
        }
    }

    private static void Add(float[] target, ReadOnlySpan<float> values, float weight)
    {
        var sums = MemoryMarshal.Cast<float, Vector<float>>(target.AsSpan());
        var addends = MemoryMarshal.Cast<float, Vector<float>>(values);
        for (var i = 0; i < sums.Length; i++)
        {
            sums[i] += addends[i] * weight;
        }

        for (var i = sums.Length * Vector<float>.Count; i < target.Length; i++)
        {
            target[i] += values[i] * weight;
        }
    }
}
