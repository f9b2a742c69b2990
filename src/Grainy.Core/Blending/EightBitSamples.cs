using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>Images as programs for films take them: RGB, 8 bits, interleaved.</summary>
internal static class EightBitSamples
{
    /// <summary>Rounds and clips; grey is repeated.</summary>
    public static void Write(ImageBuffer image, Span<byte> target)
    {
        for (var channel = 0; channel < 3; channel++)
        {
            var plane = image.Plane(Math.Min(channel, image.Channels - 1));
            for (var i = 0; i < plane.Length; i++)
            {
                target[(3 * i) + channel] = (byte)Math.Floor((Math.Clamp(plane[i], 0, 1) * 255) + 0.5);
            }
        }
    }
}
