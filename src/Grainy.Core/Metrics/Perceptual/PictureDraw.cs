using Grainy.Core.Metrics.ELpips;

namespace Grainy.Core.Metrics.Perceptual;

/// <summary>What all pictures of one comparison go through.</summary>
/// <param name="Transform">Before the network.</param>
/// <param name="Dropout">Seed of the masks inside the network; null for none.</param>
internal readonly record struct PictureDraw(ELpipsTransform Transform, ulong? Dropout)
{
    /// <summary>The pictures as they are.</summary>
    public static PictureDraw Plain { get; } = new(ELpipsTransform.Identity, null);
}
