namespace Grainy.Core.Training.Registration;

/// <summary>How a second frame lies over a first one, measured from their pixels.</summary>
/// <param name="ShiftX">Pixels by which the content of the second frame lies further right.</param>
/// <param name="ShiftY">Pixels by which it lies further down.</param>
/// <param name="ShiftError">The larger of both shifts' standard errors; infinite where there is too little structure to tell.</param>
/// <param name="Gain">Contrast of the second frame relative to the first; 1 where it cannot be told from 1.</param>
/// <param name="Offset">second ≈ gain · first + offset, on the frames' own scale.</param>
/// <param name="Drift">Mean of the second frame minus mean of the first over what both show, on their own scale.</param>
/// <param name="DriftError">Standard error of <paramref name="Drift"/>.</param>
/// <param name="Mean">Mean of the first frame, on its own scale.</param>
/// <param name="Correlation">
/// Correlation of means over blocks of 8 × 8 pixels, or smaller ones where structure is fine, in [−1, 1]: near 1 for two exposures of a scene, near 0 for two
/// scenes; null where the frames show no structure above their noise.
/// </param>
public sealed record PairAlignment(
    double ShiftX, double ShiftY, double ShiftError, double Gain, double Offset, double Drift, double DriftError, double Mean, double? Correlation)
{
    private const double Matters = 0.15;

    /// <summary>Standard error of <see cref="ShiftX"/>; infinite where nothing tells of it, as along horizontal layers.</summary>
    public double ErrorX { get; init; } = ShiftError;

    /// <summary>Standard error of <see cref="ShiftY"/>.</summary>
    public double ErrorY { get; init; } = ShiftError;

    /// <summary>Length of the shift in pixels, of the directions that it is known in.</summary>
    public double Shift => Math.Sqrt((KnownX * KnownX) + (KnownY * KnownY));

    /// <summary><see cref="ShiftX"/> where it is known to half its size, otherwise 0.</summary>
    public double KnownX => Math.Abs(ShiftX) > 2 * ErrorX ? ShiftX : 0;

    /// <summary><see cref="ShiftY"/> where it is known to half its size, otherwise 0.</summary>
    public double KnownY => Math.Abs(ShiftY) > 2 * ErrorY ? ShiftY : 0;

    /// <summary>True when the frames are displaced by more than 0.15 px, beyond what the measurement may err by (4 standard errors, in either direction).</summary>
    public bool IsShifted => Shift > Matters && (Math.Abs(ShiftX) > 4 * ErrorX || Math.Abs(ShiftY) > 4 * ErrorY);

    /// <summary>True when brightness differs by more than 1 % of the mean, beyond what noise explains.</summary>
    public bool IsDrifted => Math.Abs(Drift) > Math.Max(0.01 * Math.Abs(Mean), 4 * DriftError) && Math.Abs(Drift) > 1e-9;

    /// <summary>True when both frames have structure and it is not the same.</summary>
    public bool ShowsAnotherScene => Correlation is < 0.35;

    /// <summary>No shift, no change.</summary>
    public static PairAlignment None { get; } = new(0, 0, 0, 1, 0, 0, 0, 0, null);
}
