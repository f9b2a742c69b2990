namespace Grainy.Core.Training;

/// <summary>Choices of the method <c>neighbor2neighbor</c>.</summary>
public sealed record Neighbor2NeighborSettings
{
    /// <summary>
    /// Weight of the term that keeps detail, at the end of the run; it rises from 0. More keeps more detail and more noise: 2 for photographs, 1 for raw data,
    /// 0 to 20. Default: 2.
    /// </summary>
    public double Consistency { get; init; } = 2;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    internal void Validate()
    {
        if (!(Consistency is >= 0 and <= 20))
        {
            throw new ArgumentException($"A consistency weight of {Consistency} is out of range; give 0 to 20.");
        }
    }
}
