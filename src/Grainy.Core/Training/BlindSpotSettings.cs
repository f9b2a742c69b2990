using Grainy.Core.Denoising;
using Grainy.Core.Noise;

namespace Grainy.Core.Training;

/// <summary>Choices of the method <c>blind-spot</c>.</summary>
public sealed record BlindSpotSettings
{
    /// <summary>
    /// The noise, on the images' own scale; parameters that are null are learned with the network. Null: Gaussian, of <see cref="TrainingSettings.NoiseSigma"/> or
    /// estimated from the flat parts of each image.
    /// </summary>
    public NoiseModel? Noise { get; init; }

    /// <summary>True: unknown parameters are learned for each image by a network of its own; false: one set for all images. Default: false.</summary>
    public bool NoisePerImage { get; init; }

    /// <summary>What is predicted beside the mean, one of <see cref="CovarianceKinds"/>. Default: full.</summary>
    public string Covariance { get; init; } = CovarianceKinds.Full;

    /// <summary>
    /// Pixels around each pixel, in every direction, that are hidden as well, 0 to 8: for noise that neighbours share. The hole measures 2·Hole + 1 pixels.
    /// Default: 0.
    /// </summary>
    public int Hole { get; init; }

    /// <summary>Throws when a value makes no sense.</summary>
    /// <exception cref="ArgumentException">One sentence that says which and why.</exception>
    internal void Validate()
    {
        _ = Noise?.Validated();
        if (Hole is < 0 or > 8)
        {
            throw new ArgumentException($"A hole of {Hole} further pixels is out of range; give 0 to 8.");
        }

        if (!CovarianceKinds.All.Contains(Covariance))
        {
            throw new ArgumentException($"There is no covariance '{Covariance}'; choose {string.Join(", ", CovarianceKinds.All)}.");
        }

        if (NoisePerImage && Noise is null or { IsKnown: true })
        {
            throw new ArgumentException("Noise can be learned for each image only when a kind of noise with an unknown parameter is given.");
        }
    }
}
