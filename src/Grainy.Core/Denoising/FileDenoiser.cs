using Grainy.Core.Denoising.Files;
using Grainy.Core.Images;
using NetVips;

namespace Grainy.Core.Denoising;

/// <summary>
/// Denoises image files of any size in the memory of a few bands of rows: rows are decoded, denoised and written as they come. The result keeps sample type, pages,
/// colour profile and metadata of the original; alpha is dropped.
/// </summary>
public static class FileDenoiser
{
    /// <summary>The ending of a result that is like its original: <c>.tif</c> for TIFF, <c>.png</c> for all others.</summary>
    /// <exception cref="ImageFormatException">Not an image that can be taken.</exception>
    /// <exception cref="IOException">The file cannot be opened.</exception>
    public static string Ending(string input)
    {
        using var rows = new FileRows(input, 0);
        return IsPng(rows, null) ? ".png" : ".tif";
    }

    /// <summary>Denoises on the calling thread, which must be a device's own; each step of the result is one tile.</summary>
    /// <param name="model">What to denoise with.</param>
    /// <param name="input">PNG, JPEG, TIFF (all pages), WebP or GIF.</param>
    /// <param name="output">Written when all is done, whole or not at all; its folder exists.</param>
    /// <param name="format">Null: sample type and kind of file of the original (integers of 8, 16 or 32 bits, or floats; PNG for what is not TIFF).</param>
    /// <param name="uncertainty">Where to write the expected error of each sample as a 32-bit float TIFF; null: nowhere.</param>
    /// <param name="options">Noise; whether to tell the uncertainty is decided by <paramref name="uncertainty"/>.</param>
    /// <param name="cancellationToken">Looked at between tiles; nothing is left behind.</param>
    /// <exception cref="ImageFormatException">Not an image that can be taken; the message says why and what to do.</exception>
    /// <exception cref="ArgumentException">Too small, or doubt asked of a model that has none: one sentence for people.</exception>
    public static IEnumerable<DenoiseUpdate> Run(
        DenoiserModel model, string input, string output, OutputFormat? format, string? uncertainty, DenoiseOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        var wishes = options with { Uncertainty = uncertainty is not null };
        using var first = new FileRows(input, 0);
        Denoiser.Check(model, first.Width, first.Height, wishes);
        var pages = first.Pages;
        var png = IsPng(first, format);
        if (png && pages > 1)
        {
            throw new ArgumentException($"A PNG file has no room for {pages} pages; choose a TIFF format for the result.");
        }

        using var result = new RawRows(output, SamplesOf(first.Layout, format));
        using var doubt = uncertainty is null ? null : new RawRows(uncertainty, Enums.BandFormat.Float);
        var sink = new Sink(result, doubt);
        DenoiseUpdate? last = null;
        for (var page = 0; page < pages; page++)
        {
            using var rows = new FileRows(input, page);
            if ((rows.Width, rows.Height, rows.Channels) != (first.Width, first.Height, first.Channels))
            {
                throw new ImageFormatException(
                    $"Page {page + 1} of {pages} has {rows.Width} × {rows.Height} pixels and {rows.Channels} channel(s), the first has "
                    + $"{first.Width} × {first.Height} and {first.Channels}; split the file into stacks of equal pages.");
            }

            foreach (var update in Denoiser.Rows(model, rows, sink, SampleOf(input, page), wishes, cancellationToken))
            {
                last = update with { TilesDone = (page * update.Tiles) + update.TilesDone, Tiles = pages * update.Tiles };
                if (last.TilesDone < last.Tiles)
                {
                    yield return last;
                }
            }
        }

        FinishedFile.Write(result, first.Image, output, png, pages);
        if (doubt is not null)
        {
            FinishedFile.Write(doubt, null, uncertainty!, png: false, pages);
        }

        yield return last!;
    }

    private static ImageBuffer SampleOf(string input, int page)
    {
        using var rows = new FileRows(input, page);
        return FileSample.Of(rows);
    }

    private static bool IsPng(FileRows rows, OutputFormat? format) => format is null
        ? rows.Format != ImageFormat.Tiff && !rows.Layout.IsFloat
        : format is OutputFormat.Png8 or OutputFormat.Png16;

    private static Enums.BandFormat SamplesOf(SampleLayout layout, OutputFormat? format) => format switch
    {
        null => layout.Format,
        OutputFormat.Png8 => Enums.BandFormat.Uchar,
        OutputFormat.Tiff32F => Enums.BandFormat.Float,
        _ => Enums.BandFormat.Ushort,
    };

    private sealed class Sink(RawRows result, RawRows? doubt) : IRowSink
    {
        public void Write(ImageBuffer rows, ImageBuffer? deviation)
        {
            result.Write(rows);
            if (deviation is not null)
            {
                doubt!.Write(deviation);
            }
        }
    }
}
