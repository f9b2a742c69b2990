namespace Grainy.Core.Training.Registration;

/// <summary>Where a frame lies relative to the first of its scene: frame(x + shift) ≈ Gain · first(x) + Offset.</summary>
/// <param name="ShiftX">Pixels to the right.</param>
/// <param name="ShiftY">Pixels down.</param>
/// <param name="Gain">Positive.</param>
/// <param name="Offset">On the frames' own scale.</param>
public readonly record struct FrameAlignment(double ShiftX, double ShiftY, double Gain, double Offset)
{
    /// <summary>As the first frame lies.</summary>
    public static FrameAlignment Identity { get; } = new(0, 0, 1, 0);
}
