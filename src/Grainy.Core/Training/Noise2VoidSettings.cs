using Grainy.Core.Training.Masking;

namespace Grainy.Core.Training;

/// <summary>Choices of the method <c>noise2void</c>.</summary>
public sealed record Noise2VoidSettings
{
    /// <summary>
    /// True for N2V2 (Höck et al. 2022): hidden pixels become the median of their surroundings, maxima are blurred and the topmost skip is left out, against
    /// chequerboards. False for the first form (Krull et al. 2019). Default: true.
    /// </summary>
    public bool Version2 { get; init; } = true;

    /// <summary>Share of pixels that is hidden at a time, in per cent, 0.1 to 10. Default: 1.5.</summary>
    public double MaskedPercent { get; init; } = 1.5;

    /// <summary>Replacements come from the square that reaches this many pixels to each side, 2 to 15. Default: 5.</summary>
    public int Radius { get; init; } = 5;

    /// <summary>Which pixels around a hidden one are hidden as well, one of <see cref="MaskStructures"/>; for noise that neighbours share. Default: none.</summary>
    public string Structure { get; init; } = MaskStructures.None;

    /// <summary>Length of the structure in pixels: odd, 3 to 15, and shorter than the square of <see cref="Radius"/>. Default: 5.</summary>
    public int Span { get; init; } = 5;

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    internal void Validate()
    {
        Check(MaskedPercent is >= 0.1 and <= 10, $"A masked share of {MaskedPercent} % is out of range; give 0.1 to 10.");
        Check(Radius is >= 2 and <= 15, $"A radius of {Radius} px is out of range; give 2 to 15.");
        Check(MaskStructures.All.Contains(Structure), $"There is no mask structure '{Structure}'; choose {string.Join(", ", MaskStructures.All)}.");
        Check(
            Structure == MaskStructures.None || (Span is >= 3 and <= 15 && Span % 2 == 1 && Span < (2 * Radius) + 1),
            $"A structure of {Span} px does not fit; give an odd length from 3 to 15 that is below {(2 * Radius) + 1}, the square replacements come from.");

        static void Check(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new ArgumentException(otherwise);
            }
        }
    }
}
