namespace Grainy.Core.Weights;

/// <summary>
/// The first values of one tensor as they were printed in public: what tells weights from those of another training where no checksum of all values is published.
/// </summary>
/// <param name="Tensor">Its name.</param>
/// <param name="Values">Its first values, rounded.</param>
/// <param name="Tolerance">Half a unit of the last printed digit.</param>
public sealed record PublishedSample(string Tensor, IReadOnlyList<float> Values, float Tolerance)
{
    /// <summary>True when the weights begin as printed.</summary>
    public bool Agrees(IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return tensors.TryGetValue(Tensor, out var tensor) && tensor.Values.Length >= Values.Count
            && Values.Zip(tensor.Values).All(pair => Math.Abs(pair.First - pair.Second) <= Tolerance);
    }
}
