using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Images;

/// <summary>Writes images as PNG or TIFF files.</summary>
public static class ImageWriter
{
    /// <summary>Writes one file; TIFF is not compressed, because noise hardly shrinks and every program reads it.</summary>
    /// <param name="image">Nominally in [0, 1]; integer formats round and clip, <see cref="OutputFormat.Tiff32F"/> keeps all values exactly.</param>
    /// <param name="destination">Written from its current position; left open.</param>
    /// <param name="format">Which file.</param>
    public static void Write(ImageBuffer image, Stream destination, OutputFormat format)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        destination.Write(Encode(image, format, 0, 1));
    }

    /// <summary>Media type, for example <c>image/png</c>.</summary>
    public static string MediaType(OutputFormat format) => IsPng(format) ? "image/png" : "image/tiff";

    /// <summary>File extension with its dot: <c>.png</c> or <c>.tif</c>.</summary>
    public static string Extension(OutputFormat format) => IsPng(format) ? ".png" : ".tif";

    /// <summary>A file's bytes; for integer formats <paramref name="black"/> becomes 0 and <paramref name="white"/> the largest value.</summary>
    internal static byte[] Encode(ImageBuffer image, OutputFormat format, double black, double white)
    {
        VipsRuntime.Ensure();
        var grey = image.Channels == 1;
        using var pixels = format switch
        {
            OutputFormat.Png8 => Wrap(image, Interleave(image, sample => (byte)Scaled(sample, black, white, 255)), Enums.BandFormat.Uchar),
            OutputFormat.Png16 or OutputFormat.Tiff16 => Wrap(
                image, Interleave(image, sample => (ushort)Scaled(sample, black, white, 65_535)), Enums.BandFormat.Ushort),
            OutputFormat.Tiff32F => Wrap(image, Interleave(image, static sample => sample), Enums.BandFormat.Float),
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "There is no such output format."),
        };
        using var typed = pixels.Copy(interpretation: format switch
        {
            OutputFormat.Png8 => grey ? Enums.Interpretation.Bw : Enums.Interpretation.Srgb,
            OutputFormat.Tiff32F => grey ? Enums.Interpretation.Bw : Enums.Interpretation.Scrgb,
            _ => grey ? Enums.Interpretation.Grey16 : Enums.Interpretation.Rgb16,
        });
        return IsPng(format)
            ? typed.PngsaveBuffer(compression: 6, bitdepth: format == OutputFormat.Png8 ? 8 : 16, keep: Enums.ForeignKeep.None)
            : typed.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.None, keep: Enums.ForeignKeep.None);
    }

    private static bool IsPng(OutputFormat format) => format is OutputFormat.Png8 or OutputFormat.Png16;

    private static float Scaled(float sample, double black, double white, int most) =>
        (float)Math.Floor((Math.Clamp((sample - black) / (white - black), 0, 1) * most) + 0.5);

    private static VipsImage Wrap<T>(ImageBuffer image, T[] samples, Enums.BandFormat format)
        where T : unmanaged => VipsImage.NewFromMemory(samples, image.Width, image.Height, image.Channels, format);

    private static T[] Interleave<T>(ImageBuffer image, Func<float, T> convert)
        where T : unmanaged
    {
        var samples = GC.AllocateUninitializedArray<T>(image.Planes.Length);
        for (var c = 0; c < image.Channels; c++)
        {
            var plane = image.Plane(c);
            for (int i = 0, to = c; i < plane.Length; i++, to += image.Channels)
            {
                samples[to] = convert(plane[i]);
            }
        }

        return samples;
    }
}
