using System.Runtime.InteropServices;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Images;

/// <summary>Turns interleaved samples of any type into float planes, strip by strip, so that a large file is in memory once.</summary>
internal static class PlaneReader
{
    private const int StripBytes = 4 << 20;

    /// <summary>Decodes all pixels. Errors of the decoder come through as <see cref="VipsException"/>.</summary>
    public static ImageBuffer Read(VipsImage image, SampleLayout layout)
    {
        int width = image.Width, height = image.Height, bands = image.Bands;
        var planes = GC.AllocateUninitializedArray<float>(checked(layout.Channels * width * height));
        var rows = Math.Clamp(StripBytes / (width * bands * (layout.BitDepth / 8)), 1, height);
        using var region = Region.New(image);
        for (var top = 0; top < height; top += rows)
        {
            var count = Math.Min(rows, height - top);
            var strip = region.Fetch(0, top, width, count);
            var first = top * width;
            for (var c = 0; c < layout.Channels; c++)
            {
                var target = planes.AsSpan((c * width * height) + first, width * count);
                switch (layout.Format)
                {
                    case Enums.BandFormat.Uchar:
                        Spread<byte>(strip, bands, c, target, static sample => sample / 255f);
                        break;
                    case Enums.BandFormat.Ushort:
                        Spread<ushort>(strip, bands, c, target, static sample => sample / 65_535f);
                        break;
                    case Enums.BandFormat.Uint:
                        Spread<uint>(strip, bands, c, target, static sample => (float)(sample / 4_294_967_295.0));
                        break;
                    default:
                        Spread<float>(strip, bands, c, target, static sample => sample);
                        break;
                }
            }
        }

        return new ImageBuffer(layout.Channels, height, width, planes);
    }

    private static void Spread<T>(byte[] strip, int bands, int band, Span<float> target, Func<T, float> convert)
        where T : struct
    {
        var samples = MemoryMarshal.Cast<byte, T>(strip);
        for (int i = 0, from = band; i < target.Length; i++, from += bands)
        {
            target[i] = convert(samples[from]);
        }
    }
}
