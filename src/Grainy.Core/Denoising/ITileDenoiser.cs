using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>A model made ready for one image: denoises squares that were cut from it. Owns its tensors; none lives between calls but the weights.</summary>
internal interface ITileDenoiser : IDisposable
{
    /// <summary>Sides of a square must be multiples of this many pixels, and squares start on multiples of it.</summary>
    int Stride { get; }

    /// <summary>Side in pixels of the largest square that it should be given: larger ones take much memory, smaller ones have more to compute twice.</summary>
    int LargestSide { get; }

    /// <summary>One square with the model's channels, on the network's scale; the results have the same size and scale.</summary>
    /// <param name="square">Borrowed.</param>
    /// <param name="uncertainty">True: also tell how sure the result is, where the kind of network can.</param>
    DenoisedTile Denoise(ImageBuffer square, bool uncertainty);
}

/// <summary>A denoised square.</summary>
/// <param name="Image">The result.</param>
/// <param name="Deviation">Standard deviation of the error that is expected in each sample; null when not asked for or not known.</param>
internal sealed record DenoisedTile(ImageBuffer Image, ImageBuffer? Deviation);
