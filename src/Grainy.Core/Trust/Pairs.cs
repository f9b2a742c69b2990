using Grainy.Core.Images;

namespace Grainy.Core.Trust;

/// <summary>Checks of images that are compared sample by sample.</summary>
internal static class Pairs
{
    /// <summary>Passes images of one size with finite samples.</summary>
    /// <exception cref="ArgumentException">One sentence for people.</exception>
    public static void Require(ImageBuffer first, ImageBuffer second, string what)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        if (!first.HasSizeOf(second))
        {
            throw new ArgumentException(
                $"{what} differ in size: {first.Width} × {first.Height} in {first.Channels} channel(s) and {second.Width} × {second.Height} in {second.Channels}; give images of the same size.");
        }

        if (first.Width < 8 || first.Height < 8)
        {
            throw new ArgumentException($"{what} have {first.Width} × {first.Height} pixels; 8 × 8 is the least to judge by.");
        }

        if (!FiniteSamples.AllFinite(first.Planes) || !FiniteSamples.AllFinite(second.Planes))
        {
            throw new ArgumentException($"{what} hold samples that are not numbers (NaN or infinite); replace them first.");
        }
    }
}
