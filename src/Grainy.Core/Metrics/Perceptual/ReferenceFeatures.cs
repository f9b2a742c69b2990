using Grainy.Core.Convolutions;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>Features of pictures that others are compared with, layer by layer: tensors of unit length, or maps of our own code as they are with one over their lengths.</summary>
internal sealed class ReferenceFeatures : IDisposable
{
    /// <param name="layers">How many there will be.</param>
    /// <param name="vector">Whether they are maps.</param>
    public ReferenceFeatures(int layers, bool vector) =>
        (Units, Maps, InverseLengths) = (vector ? null : new Tensor[layers], vector ? new FeatureMap[layers] : null, vector ? new float[layers][] : null);

    /// <summary><c>[M, C, h, w]</c> each; null where there are maps.</summary>
    public Tensor[]? Units { get; }

    /// <summary>M images each; null where there are tensors.</summary>
    public FeatureMap[]? Maps { get; }

    /// <summary>For each place of the <see cref="Maps"/>.</summary>
    public float[][]? InverseLengths { get; }

    /// <summary>Pictures.</summary>
    public int Count => Maps?[0].Count ?? (int)Units![0].shape[0];

    /// <summary>Memory that they hold.</summary>
    public long Bytes => Maps?.Zip(InverseLengths!, (map, lengths) => 4 * (map.Length + lengths.Length)).Sum() ?? Units!.Sum(layer => layer.NumberOfElements * layer.ElementSize);

    /// <summary>Frees them.</summary>
    public void Dispose()
    {
        foreach (var layer in Units ?? [])
        {
            layer?.Dispose();
        }

        foreach (var layer in Maps ?? [])
        {
            layer?.Dispose();
        }
    }
}
