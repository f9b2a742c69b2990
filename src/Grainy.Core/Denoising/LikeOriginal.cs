using Grainy.Core.Denoising.Files;
using Grainy.Core.Images;
using NetVips;

namespace Grainy.Core.Denoising;

/// <summary>
/// Writes an image that was computed from a file as that file would hold it: kind of file, sample type, colour profile, resolution and description. For pixels that
/// were read upright and of the first page; bands of rows of whole files go through <see cref="FileDenoiser"/>.
/// </summary>
public static class LikeOriginal
{
    /// <summary>Writes the file and returns its ending: <c>.png</c>, or <c>.tif</c> for TIFF originals and floats.</summary>
    /// <param name="image">Nominally in [0, 1]; integers round and clip, floats keep all values.</param>
    /// <param name="original">The file whose pixels <paramref name="image"/> was computed from.</param>
    /// <param name="output">Written whole or not at all; its folder exists.</param>
    /// <exception cref="ImageFormatException">The original is not an image that can be taken.</exception>
    public static string Write(ImageBuffer image, string original, string output)
    {
        ArgumentNullException.ThrowIfNull(image);
        using var rows = new FileRows(original, 0);
        var png = rows.Format != ImageFormat.Tiff && !rows.Layout.IsFloat;
        using var result = new RawRows(output, rows.Layout.Format);
        result.Write(image);

        // The pixels stand upright already: a viewer that turned them by the tag would turn them twice.
        using var upright = rows.Image.Mutate(header =>
        {
            if (rows.Image.Contains("orientation"))
            {
                header.Set(GValue.GIntType, "orientation", 1);
            }
        });
        FinishedFile.Write(result, upright, output, png, pages: 1);
        return png ? ".png" : ".tif";
    }
}
