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
        using var region = Region.New(image);
        Fill(region, bands, layout, (0, 0, width, height), planes, 0, height);
        return new ImageBuffer(layout.Channels, height, width, planes);
    }

    /// <summary>
    /// Decodes some rows of <paramref name="bands"/> samples per pixel into planes that have <paramref name="planeRows"/> rows each, from row
    /// <paramref name="firstRow"/> on.
    /// </summary>
    public static void Fill(Region region, int bands, SampleLayout layout, (int Left, int Top, int Width, int Count) rows, float[] planes, int firstRow, int planeRows)
    {
        var (left, top, width, all) = rows;
        var height = Math.Clamp(StripBytes / (width * bands * (layout.BitDepth / 8)), 1, all);
        for (var done = 0; done < all; done += height)
        {
            var count = Math.Min(height, all - done);
            var strip = region.Fetch(left, top + done, width, count);
            for (var c = 0; c < layout.Channels; c++)
            {
                var target = planes.AsSpan(((c * planeRows) + firstRow + done) * width, width * count);
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
