using System.Runtime.InteropServices;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Images;

/// <summary>
/// Decodes PNG, JPEG, TIFF, WebP and GIF files of strangers to float planes. The first bytes decide what a file is, limits are checked on its header, and a
/// damaged file is refused rather than shown half.
/// </summary>
/// <remarks>
/// Integer samples are divided by their largest value (255, 65,535, 4,294,967,295), floats are taken as they are. Alpha is dropped, not composited: what lies
/// under it is data. EXIF orientation is applied. Colour profiles are noted, not applied. Of several pages the first is read.
/// </remarks>
public static class ImageReader
{
    /// <summary>Decodes a file in memory.</summary>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    public static DecodedImage Read(ReadOnlyMemory<byte> bytes, ImageLimits? limits = null) => ReadPage(bytes, 0, limits);

    /// <summary>Decodes one page of a file in memory.</summary>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    public static DecodedImage ReadPage(ReadOnlyMemory<byte> bytes, int page, ImageLimits? limits = null)
    {
        var head = bytes.Span[..Math.Min(bytes.Length, ImageSignature.Length)];
        var format = Check(head, limits);
        var array = MemoryMarshal.TryGetArray(bytes, out var segment) && segment.Offset == 0 && segment.Count == segment.Array!.Length
            ? segment.Array
            : bytes.ToArray();
        return Decode(format, () => Source.NewFromMemory(array), limits ?? ImageLimits.Default, page);
    }

    /// <summary>Decodes a file on disk.</summary>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static DecodedImage Read(string path, ImageLimits? limits = null) => ReadPage(path, 0, limits);

    /// <summary>Decodes one page of a TIFF file on disk; <see cref="ImageFacts.Pages"/> says how many there are.</summary>
    /// <param name="path">The file.</param>
    /// <param name="page">0 for the first; other formats have no other.</param>
    /// <param name="limits">Null: the usual ones.</param>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static DecodedImage ReadPage(string path, int page, ImageLimits? limits = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        Span<byte> head = stackalloc byte[ImageSignature.Length];
        using (var file = File.OpenRead(path))
        {
            head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        }

        var format = Check(head, limits);
        return Decode(format, () => Source.NewFromFile(path), limits ?? ImageLimits.Default, page);
    }

    /// <summary>Pages of a file on disk that <see cref="ReadPage(string, int, ImageLimits?)"/> can read, by its header alone; 1 for all that is not TIFF.</summary>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static int CountPages(string path)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(path);
        var (format, image) = Open(path, 0);
        using (image)
        {
            return format == ImageFormat.Tiff ? Pages(image) : 1;
        }
    }

    /// <summary>Opens a file for reading from top to bottom; its pixels are as they are stored, not turned upright.</summary>
    /// <param name="path">Checked by its first bytes.</param>
    /// <param name="page">0 for the first; other pages are known of TIFF only.</param>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    internal static (ImageFormat Format, VipsImage Image) Open(string path, int page)
    {
        var head = new byte[ImageSignature.Length];
        int length;
        using (var file = File.OpenRead(path))
        {
            length = file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
        }

        var format = Check(head.AsSpan(0, length), null);
        VipsRuntime.Ensure();
        try
        {
            using var source = Source.NewFromFile(path);
            var image = Load(format, source, page);
            ImageLimits.Default.Check(format.Name(), image.Width, image.Height);
            return (format, image);
        }
        catch (VipsException error)
        {
            throw Damaged(format, error);
        }
    }

    /// <summary>What to say of a file whose decoder gave up.</summary>
    internal static ImageFormatException Damaged(ImageFormat format, VipsException error) => new(
        $"The {format.Name()} file is damaged, cut off or of a kind that cannot be read{Reason(error)}; save it again as PNG or TIFF.", error);

    private static ImageFormat Check(ReadOnlySpan<byte> head, ImageLimits? limits)
    {
        var format = ImageSignature.Detect(head);
        if (format == ImageFormat.Png && ImageSignature.PngSize(head) is var (width, height))
        {
            (limits ?? ImageLimits.Default).Check("PNG", width, height);
        }

        return format;
    }

    private static DecodedImage Decode(ImageFormat format, Func<Source> open, ImageLimits limits, int page = 0)
    {
        VipsRuntime.Ensure();
        try
        {
            using var source = open();
            using var image = Load(format, source, page);
            limits.Check(format.Name(), image.Width, image.Height);
            var samples = SampleLayout.Of(format, image);
            var stored = PlaneReader.Read(image, samples);
            FiniteSamples.Require(stored);
            var upright = ImageOrientation.Upright(stored, image.Contains("orientation") ? Convert.ToInt32(image.Get("orientation"), null) : 1);
            var facts = new ImageFacts(
                format.Name(), upright.Width, upright.Height, upright.Channels, samples.BitDepth, samples.IsFloat, samples.HasAlpha, Notes(image, samples, page))
            { Pages = Pages(image) };
            return new DecodedImage(upright, facts);
        }
        catch (VipsException error)
        {
            throw Damaged(format, error);
        }
    }

    private static VipsImage Load(ImageFormat format, Source source, int page) => format switch
    {
        ImageFormat.Png => VipsImage.PngloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.Jpeg => VipsImage.JpegloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.Tiff => VipsImage.TiffloadSource(source, page: page, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        ImageFormat.WebP => VipsImage.WebploadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
        _ => VipsImage.GifloadSource(source, access: Enums.Access.Sequential, failOn: Enums.FailOn.Error),
    };

    private static string? Notes(VipsImage image, SampleLayout samples, int page)
    {
        var pages = Pages(image);
        string?[] notes =
        [
            pages > 1 ? page == 0 ? $"the first of {pages} pages" : $"page {page + 1} of {pages}" : null,
            samples.Note,
            samples.HasAlpha ? "transparency dropped" : null,
            image.Contains("icc-profile-data") ? "its colour profile is not applied" : null,
        ];
        var text = string.Join("; ", notes.Where(note => note is not null));
        return text.Length == 0 ? null : text;
    }

    private static int Pages(VipsImage image) => image.Contains("n-pages") ? Convert.ToInt32(image.Get("n-pages"), null) : 1;

    // The native error text has one line per layer, the last being the deepest; only that one is for people. Concurrent decodes may leave it empty.
    private static string Reason(VipsException error)
    {
        var last = error.Message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .LastOrDefault(line => !line.StartsWith("unable to", StringComparison.OrdinalIgnoreCase));
        if (last is null)
        {
            return "";
        }

        var known = last.Contains("not a whole number of bytes", StringComparison.Ordinal) ? "its samples have an odd number of bits, such as 12"
            : last.Contains("samples out of range", StringComparison.Ordinal) ? "its samples have 64 bits, or there are too many per pixel"
            : last[(last.IndexOf(": ", StringComparison.Ordinal) is var colon and >= 0 ? colon + 2 : 0)..];
        var reason = new string([.. known.Select(symbol => char.IsControl(symbol) ? ' ' : symbol)]);
        return $" ({(reason.Length > 120 ? reason[..120] + "…" : reason)})";
    }
}
