namespace Grainy.Core.Weights.Containers;

/// <summary>
/// A tensor that a file lists and whose values are still in it: names and shapes are judged before any value is read, so that a hostile list costs no memory.
/// </summary>
/// <param name="Name">As the file spells it.</param>
/// <param name="Shape">Sizes, outermost first.</param>
/// <param name="Load">Reads the values, row-major.</param>
internal sealed record PendingTensor(string Name, long[] Shape, Func<float[]> Load)
{
    /// <summary>Product of the sizes, which the reader of the container has checked.</summary>
    public long Count => Shape.Aggregate(1L, (product, size) => checked(product * size));

    public WeightTensor Read() => new(Shape, Load());

    /// <summary>Reads all of them, if together they hold no more numbers than the file has room for.</summary>
    public static Dictionary<string, WeightTensor> ReadAll(IReadOnlyList<PendingTensor> tensors, ByteSource bytes)
    {
        // Half-precision numbers take two bytes, the least of all formats; more would mean that tensors share their numbers.
        if (tensors.Sum(tensor => (double)tensor.Count) > bytes.Length / 2)
        {
            throw new WeightFormatException($"'{bytes.Name}' lists more numbers than it holds, which no known file of weights does; get the official file.");
        }

        return tensors.ToDictionary(tensor => tensor.Name, tensor => tensor.Read(), StringComparer.Ordinal);
    }
}
