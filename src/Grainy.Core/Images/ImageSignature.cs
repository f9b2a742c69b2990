using System.Buffers.Binary;
using System.Text;

namespace Grainy.Core.Images;

/// <summary>Formats that are decoded.</summary>
internal enum ImageFormat
{
    Png,
    Jpeg,
    Tiff,
    WebP,
    Gif,
}

/// <summary>Tells a file's format by its first bytes; its name says nothing.</summary>
internal static class ImageSignature
{
    /// <summary>As many of a file's first bytes as are looked at.</summary>
    public const int Length = 64;

    /// <summary>Names that people know.</summary>
    public static string Name(this ImageFormat format) => format switch
    {
        ImageFormat.Png => "PNG",
        ImageFormat.Jpeg => "JPEG",
        ImageFormat.Tiff => "TIFF",
        ImageFormat.WebP => "WebP",
        _ => "GIF",
    };

    /// <summary>The format of a file that begins with <paramref name="head"/>.</summary>
    /// <exception cref="ImageFormatException">Empty, or none of the formats that are decoded.</exception>
    public static ImageFormat Detect(ReadOnlySpan<byte> head)
    {
        if (head.IsEmpty)
        {
            throw new ImageFormatException("The file is empty (0 bytes); choose it again or export it anew.");
        }

        return head switch
        {
            [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10, ..] => ImageFormat.Png,
            [0xff, 0xd8, 0xff, ..] => ImageFormat.Jpeg,
            [(byte)'I', (byte)'I', 42 or 43, 0, ..] or [(byte)'M', (byte)'M', 0, 42 or 43, ..] => ImageFormat.Tiff,
            [(byte)'R', (byte)'I', (byte)'F', (byte)'F', _, _, _, _, (byte)'W', (byte)'E', (byte)'B', (byte)'P', ..] => ImageFormat.WebP,
            [(byte)'G', (byte)'I', (byte)'F', (byte)'8', (byte)'7' or (byte)'9', (byte)'a', ..] => ImageFormat.Gif,
            _ => throw new ImageFormatException($"{Describe(head)}; bring PNG, JPEG, TIFF, WebP or GIF files."),
        };
    }

    /// <summary>
    /// Width and height from the header chunk, which the PNG specification puts first; null where they are not there. Read by hand, so that an absurd size is
    /// refused before any decoder sees the file.
    /// </summary>
    public static (long Width, long Height)? PngSize(ReadOnlySpan<byte> head) =>
        head.Length >= 24 && head.Slice(12, 4).SequenceEqual("IHDR"u8)
            ? (BinaryPrimitives.ReadUInt32BigEndian(head[16..]), BinaryPrimitives.ReadUInt32BigEndian(head[20..]))
            : null;

    private static string Describe(ReadOnlySpan<byte> head)
    {
        var known = head switch
        {
            [(byte)'B', (byte)'M', ..] => "BMP",
            [(byte)'%', (byte)'P', (byte)'D', (byte)'F', ..] => "PDF",
            [(byte)'S', (byte)'I', (byte)'M', (byte)'P', (byte)'L', (byte)'E', (byte)' ', ..] => "FITS",
            [0x76, 0x2f, 0x31, 0x01, ..] => "OpenEXR",
            [(byte)'P', >= (byte)'1' and <= (byte)'7', (byte)'\n' or (byte)' ' or (byte)'\r', ..] => "PNM",
            [(byte)'P', (byte)'f' or (byte)'F', (byte)'\n', ..] => "PFM",
            [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', ..] => "NumPy",
            [_, _, _, _, (byte)'f', (byte)'t', (byte)'y', (byte)'p', ..] => "HEIF, AVIF or video",
            [0xff, 0x0a, ..] => "JPEG XL",
            [0, 0, 0, 12, (byte)'j', (byte)'P', ..] => "JPEG 2000",
            [(byte)'P', (byte)'K', 3, 4, ..] => "ZIP",
            _ => null,
        };
        return known is not null ? $"This is a {known} file, which cannot be read here"
            : IsText(head) ? "This is a text file, not an image"
            : "This is not an image file of a known kind";
    }

    private static bool IsText(ReadOnlySpan<byte> head)
    {
        foreach (var symbol in Encoding.UTF8.GetString(head))
        {
            if (symbol < ' ' && symbol is not ('\t' or '\r' or '\n'))
            {
                return false;
            }
        }

        return head.IndexOfAnyInRange<byte>(0x80, 0xff) < 0 || !Encoding.UTF8.GetString(head[..(head.Length / 2)]).Contains('\ufffd', StringComparison.Ordinal);
    }
}
