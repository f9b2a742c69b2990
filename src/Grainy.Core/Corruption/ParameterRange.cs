namespace Grainy.Core.Corruption;

/// <summary>A number, or a range from which one is drawn for each image.</summary>
/// <param name="Low">The smallest value.</param>
/// <param name="High">The largest value; equal to <paramref name="Low"/> for a fixed number.</param>
public readonly record struct ParameterRange(double Low, double High)
{
    /// <summary>A fixed number.</summary>
    public static implicit operator ParameterRange(double value) => new(value, value);

    /// <summary>True when there is nothing to draw.</summary>
    public bool IsFixed => Low == High;

    /// <summary>The value at <paramref name="place"/> in [0, 1) of the way.</summary>
    internal double At(double place) => Low + ((High - Low) * place);
}
