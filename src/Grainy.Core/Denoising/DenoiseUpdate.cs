using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>How far a denoising has come.</summary>
/// <param name="TilesDone">Tiles finished.</param>
/// <param name="Tiles">Tiles in all.</param>
/// <param name="Sigma">Standard deviation of the noise that is assumed, on the image's own scale.</param>
/// <param name="Result">The denoised image with the size, channels and scale of the input; set in the last update only.</param>
public sealed record DenoiseUpdate(int TilesDone, int Tiles, double Sigma, ImageBuffer? Result);
