namespace Grainy.Core.Weights;

/// <summary>A weights file that Grainy can use, and how to tell that it is the right one.</summary>
/// <param name="Name">Name of the file without its ending.</param>
/// <param name="Purpose">What it is, for people.</param>
/// <param name="Source">Where the official file comes from, for people.</param>
/// <param name="ContentHash">Expected <see cref="WeightHash"/>; null where the values are published in the official file alone, which then vouches for them.</param>
/// <param name="Shapes">Expected tensors.</param>
public sealed record KnownWeight(string Name, string Purpose, string Source, string? ContentHash, IReadOnlyDictionary<string, long[]> Shapes)
{
    /// <summary>How others publish it.</summary>
    public required OfficialFile File { get; init; }

    /// <summary>Values that were printed in public; only where there is no <see cref="ContentHash"/>.</summary>
    public PublishedSample? Sample { get; init; }

    /// <summary>True when the names and shapes are exactly the expected ones.</summary>
    public bool Fits(IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        return Fits(tensors.ToDictionary(pair => pair.Key, pair => pair.Value.Shape));
    }

    /// <summary>True when the names and shapes are exactly the expected ones.</summary>
    public bool Fits(IReadOnlyDictionary<string, long[]> shapes)
    {
        ArgumentNullException.ThrowIfNull(shapes);
        return shapes.Count == Shapes.Count && Shapes.All(shape => shapes.TryGetValue(shape.Key, out var found) && found.SequenceEqual(shape.Value));
    }
}
