using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Denoising;

/// <summary>How far a denoising has come.</summary>
/// <param name="TilesDone">Tiles finished.</param>
/// <param name="Tiles">Tiles in all.</param>
/// <param name="Sigma">Standard deviation of the noise that is assumed at the image's mean, on the image's own scale.</param>
/// <param name="Result">The denoised image with the size, channels and scale of the input; set in the last update of a denoising in memory only.</param>
public sealed record DenoiseUpdate(int TilesDone, int Tiles, double Sigma, ImageBuffer? Result)
{
    /// <summary>The noise that is assumed, on the image's own scale.</summary>
    public NoiseModel? Noise { get; init; }

    /// <summary>True when a blind-spot network was to estimate the noise and found none that shows: the image stays as it is.</summary>
    public bool FoundNoNoise { get; init; }

    /// <summary>Standard deviation of the error that is expected in each sample, on the image's own scale; beside <see cref="Result"/> when it was asked for.</summary>
    public ImageBuffer? Uncertainty { get; init; }
}
