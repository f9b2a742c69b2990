using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>What becomes of a picture in an 8-bit file. An attack is searched for on rounded pictures, because rounding could undo it.</summary>
internal static class EightBit
{
    /// <summary>Mean squared error of rounding, if the rounded-off parts are spread evenly.</summary>
    public const double SquaredError = 1 / (12.0 * 255 * 255);

    /// <summary>Each sample as it comes back from an 8-bit file.</summary>
    public static ImageBuffer Rounded(ImageBuffer image) => new(
        image.Channels, image.Height, image.Width,
        Array.ConvertAll(image.Planes, sample => (float)(Math.Floor((Math.Clamp((double)sample, 0, 1) * 255) + 0.5) / 255)));

    /// <summary>The rounded values with the gradient of the unrounded ones: the straight-through estimator (Bengio et al. 2013).</summary>
    /// <param name="picture">In [0, 1]; borrowed.</param>
    /// <returns>The caller owns it.</returns>
    public static Tensor StraightThrough(Tensor picture)
    {
        using var scope = NewDisposeScope();
        Tensor offset;
        using (no_grad())
        {
            offset = picture.Times(255).Plus(0.5).floor().Times(1 / 255.0) - picture;
        }

        return picture.Plus(offset).MoveToOuterDisposeScope();
    }
}
