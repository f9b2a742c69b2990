namespace Grainy.Core.Weights;

/// <summary>The content of one weights file.</summary>
/// <param name="Name">For example <c>squeezenet1_1_features</c>.</param>
/// <param name="Origin">The path it was read from, or <c>built-in</c>.</param>
/// <param name="Hash">SHA-256 of names, shapes and values (see <see cref="WeightHash"/>), 64 hexadecimal digits; part of every metric's fingerprint.</param>
/// <param name="Tensors">By name.</param>
public sealed record WeightSet(string Name, string Origin, string Hash, IReadOnlyDictionary<string, WeightTensor> Tensors)
{
    /// <summary>Free text that the file carries, such as where it came from.</summary>
    public IReadOnlyDictionary<string, string> Metadata { get; init; } = new Dictionary<string, string>();

    /// <summary>What could not be verified about the values, for people; null when all was.</summary>
    public string? Doubt { get; init; }

    /// <summary>The tensor of that name and shape.</summary>
    /// <exception cref="WeightFormatException">It is missing or has another shape.</exception>
    public WeightTensor Require(string tensor, params long[] shape)
    {
        if (!Tensors.TryGetValue(tensor, out var found))
        {
            throw new WeightFormatException($"'{Origin}' has no tensor '{tensor}': it is not a complete file of {Name}; import the official file again.");
        }

        return found.HasShape(shape)
            ? found
            : throw new WeightFormatException(
                $"'{Origin}' holds '{tensor}' with the shape [{string.Join(", ", found.Shape)}] "
                + $"where {Name} has [{string.Join(", ", shape)}]; import the official file again.");
    }
}
