using Grainy.Core.Denoising.Files;
using Grainy.Core.Images;
using NetVips;

namespace Grainy.Core.Denoising;

/// <summary>
/// Writes images that were computed from a file as that file would hold them: kind of file, sample type, colour profile, resolution and description; several as the pages
/// of a TIFF. For pixels that were read upright; bands of rows of whole files go through <see cref="FileDenoiser"/>.
/// </summary>
public sealed class LikeOriginal : IDisposable
{
    private readonly FileRows _rows;
    private readonly RawRows _result;
    private readonly string _output;
    private (int Width, int Height, int Channels)? _size;
    private int _pages;

    /// <summary>Begins.</summary>
    /// <param name="original">The file whose pixels the images were computed from.</param>
    /// <param name="output">Written at the end, whole or not at all; its folder exists.</param>
    /// <exception cref="ImageFormatException">The original is not an image that can be taken.</exception>
    public LikeOriginal(string original, string output)
    {
        (_rows, _output) = (new FileRows(original, 0), output);
        _result = new RawRows(output, _rows.Layout.Format);
    }

    /// <summary>Writes one image and returns its ending, see <see cref="Finish"/>.</summary>
    /// <param name="image">Nominally in [0, 1]; integers round and clip, floats keep all values.</param>
    /// <param name="original">As in the constructor.</param>
    /// <param name="output">As in the constructor.</param>
    /// <exception cref="ImageFormatException">The original is not an image that can be taken.</exception>
    public static string Write(ImageBuffer image, string original, string output)
    {
        using var file = new LikeOriginal(original, output);
        file.Add(image);
        return file.Finish();
    }

    /// <summary>Takes the next page.</summary>
    /// <param name="page">Nominally in [0, 1]; integers round and clip, floats keep all values. All pages have one size and number of channels.</param>
    /// <exception cref="ArgumentException">It differs from the pages before.</exception>
    public void Add(ImageBuffer page)
    {
        ArgumentNullException.ThrowIfNull(page);
        var size = (page.Width, page.Height, page.Channels);
        if ((_size ??= size) != size)
        {
            throw new ArgumentException("Pages of one file have one size and number of channels; write this one to a file of its own.", nameof(page));
        }

        _result.Write(page);
        _pages++;
    }

    /// <summary>Writes the file and returns its ending: <c>.png</c>, or <c>.tif</c> for TIFF originals, floats and several pages.</summary>
    public string Finish()
    {
        var png = _pages == 1 && _rows.Format != ImageFormat.Tiff && !_rows.Layout.IsFloat;

        // The pixels stand upright already: a viewer that turned them by the tag would turn them twice.
        using var upright = _rows.Image.Mutate(header =>
        {
            if (_rows.Image.Contains("orientation"))
            {
                header.Set(GValue.GIntType, "orientation", 1);
            }
        });
        FinishedFile.Write(_result, upright, _output, png, _pages);
        return png ? ".png" : ".tif";
    }

    /// <inheritdoc />
    public void Dispose()
    {
        _result.Dispose();
        _rows.Dispose();
    }
}
