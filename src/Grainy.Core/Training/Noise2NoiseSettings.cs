using Grainy.Core.Training.Losses;

namespace Grainy.Core.Training;

/// <summary>Choices of the methods that fit a network to targets: <c>noise2noise</c> and <c>noise2clean</c>.</summary>
public sealed record Noise2NoiseSettings
{
    /// <summary>One of <see cref="RegressionLosses"/>. Default: l2, for noise of mean zero.</summary>
    public string Loss { get; init; } = RegressionLosses.L2;

    /// <summary>With <see cref="RegressionLosses.MaskedL2"/>: the sample, on the images' own scale, that stands where there was none. Default: 0.</summary>
    public double MissingValue { get; init; }

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    internal void Validate()
    {
        if (!RegressionLosses.All.Contains(Loss))
        {
            throw new ArgumentException($"There is no loss '{Loss}'; choose {string.Join(", ", RegressionLosses.All)}.");
        }

        if (!double.IsFinite(MissingValue))
        {
            throw new ArgumentException($"{MissingValue} cannot stand for missing samples; give a finite number.");
        }
    }
}
