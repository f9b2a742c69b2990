namespace Grainy.Core.Training;

/// <summary>Choices of the method <c>blind-spot</c>.</summary>
public sealed record BlindSpotSettings
{
    /// <summary>
    /// Pixels around each pixel, in every direction, that are hidden as well, 0 to 8: for noise that neighbours share. The hole measures 2·Hole + 1 pixels.
    /// Default: 0.
    /// </summary>
    public int Hole { get; init; }

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    internal void Validate()
    {
        if (Hole is < 0 or > 8)
        {
            throw new ArgumentException($"A hole of {Hole} further pixels is out of range; give 0 to 8.");
        }
    }
}
