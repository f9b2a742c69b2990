using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>A model made ready for one image: denoises squares that were cut from it. Owns its tensors; none lives between calls but the weights.</summary>
internal interface ITileDenoiser : IDisposable
{
    /// <summary>Sides of a square must be multiples of this many pixels, and squares start on multiples of it.</summary>
    int Stride { get; }

    /// <summary>One square with the model's channels, on the network's scale; the result has the same size and scale.</summary>
    ImageBuffer Denoise(ImageBuffer square);
}
