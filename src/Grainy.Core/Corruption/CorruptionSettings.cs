using System.Globalization;

namespace Grainy.Core.Corruption;

/// <summary>How to spoil images.</summary>
/// <param name="Kind">In which way.</param>
/// <param name="Strength">What it means depends on the kind, see <see cref="CorruptionKind"/>; on the images' own scale.</param>
/// <param name="Offset">The constant part of the variance; for <see cref="CorruptionKind.Affine"/> only.</param>
public sealed record CorruptionSettings(CorruptionKind Kind, ParameterRange Strength, ParameterRange Offset = default)
{
    /// <summary>The settings themselves when they make sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says what does not, and what is allowed.</exception>
    public CorruptionSettings Validated()
    {
        var (least, most, what) = Kind switch
        {
            CorruptionKind.Gaussian or CorruptionKind.Brown => (0, 1e6, "a standard deviation of 0 or more"),
            CorruptionKind.Poisson => (1e-6, 1e9, "counts at value 1, above 0"),
            CorruptionKind.Affine => (0, 1e6, "a gain of 0 or more"),
            CorruptionKind.Bernoulli or CorruptionKind.Impulse => (0, 1.0, "a share from 0 to 1"),
            CorruptionKind.Text => (0, 0.9, "a share of covered pixels from 0 to 0.9"),
            CorruptionKind.MonteCarlo => (1, 1024.0, "1 to 1,024 samples per pixel"),
            _ => throw new ArgumentException($"There is no corruption '{Kind}'."),
        };
        var fits = Fits(Strength, least, most) && Fits(Offset, 0, 1e6);
        return fits ? this : throw new ArgumentException(string.Create(
            CultureInfo.InvariantCulture, $"{Kind} noise of {Strength.Low} to {Strength.High} makes no sense: give {what}, or a range of such from low to high."));
    }

    private static bool Fits(ParameterRange range, double least, double most) => range.Low >= least && range.Low <= range.High && range.High <= most;
}
