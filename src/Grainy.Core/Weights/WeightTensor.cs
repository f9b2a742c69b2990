namespace Grainy.Core.Weights;

/// <summary>One named array of a weights file.</summary>
public sealed class WeightTensor
{
    /// <summary>Takes ownership of both arrays.</summary>
    /// <param name="shape">Sizes, outermost first; empty for a single number.</param>
    /// <param name="values">As many numbers as the shape says, row-major.</param>
    /// <exception cref="ArgumentException">The count does not fit the shape.</exception>
    public WeightTensor(long[] shape, float[] values)
    {
        ArgumentNullException.ThrowIfNull(shape);
        ArgumentNullException.ThrowIfNull(values);
        if (shape.Any(size => size < 0) || shape.Aggregate(1L, (product, size) => product * size) != values.LongLength)
        {
            throw new ArgumentException($"{values.LongLength} values do not fill the shape [{string.Join(", ", shape)}].", nameof(values));
        }

        (Shape, Values) = (shape, values);
    }

    /// <summary>Sizes, outermost first.</summary>
    public long[] Shape { get; }

    /// <summary>Numbers, row-major.</summary>
    public float[] Values { get; }

    /// <summary>True when the sizes are exactly <paramref name="shape"/>.</summary>
    public bool HasShape(IEnumerable<long> shape) => Shape.SequenceEqual(shape);
}
