using Grainy.Core.Images;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Denoising.Files;

/// <summary>One page of an image file, read once from top to bottom; keeps the rows that were asked for last.</summary>
internal sealed class FileRows : IRowSource, IDisposable
{
    private readonly VipsImage _image;
    private readonly Region _region;
    private readonly ImageFormat _format;
    private ImageBuffer? _held;
    private int _top;

    /// <exception cref="ImageFormatException">Not an image that can be taken.</exception>
    public FileRows(string path, int page)
    {
        (_format, _image) = ImageReader.Open(path, page);
        try
        {
            Layout = SampleLayout.Of(_format, _image);
            _region = Region.New(_image);
        }
        catch
        {
            _image.Dispose();
            throw;
        }
    }

    public int Width => _image.Width;

    public int Height => _image.Height;

    public int Channels => Layout.Channels;

    public SampleLayout Layout { get; }

    public ImageFormat Format => _format;

    /// <summary>The file as its decoder has it, for what is written about the pixels. Borrowed.</summary>
    public VipsImage Image => _image;

    /// <summary>Pages in the file.</summary>
    public int Pages => _format == ImageFormat.Tiff && _image.Contains("n-pages") ? Convert.ToInt32(_image.Get("n-pages"), null) : 1;

    public ImageBuffer Read(int top, int count)
    {
        var planes = new float[Channels * count * Width];
        var kept = _held is null ? 0 : Math.Clamp(_top + _held.Height - top, 0, count);
        for (var channel = 0; kept > 0 && channel < Channels; channel++)
        {
            _held!.Plane(channel).Slice((top - _top) * Width, kept * Width).CopyTo(planes.AsSpan(channel * count * Width));
        }

        if (kept < count)
        {
            Decode(() => PlaneReader.Fill(_region, _image.Bands, Layout, (0, top + kept, Width, count - kept), planes, kept, count));
        }

        (_held, _top) = (new ImageBuffer(Channels, count, Width, planes), top);
        return FiniteSamples.AllFinite(planes)
            ? _held
            : throw new ImageFormatException(
                $"Between rows {top + 1} and {top + count} there are samples that are not finite numbers (NaN or infinite); replace them and save the file again.");
    }

    public void Dispose()
    {
        _region.Dispose();
        _image.Dispose();
    }

    private void Decode(Action work)
    {
        try
        {
            work();
        }
        catch (VipsException error)
        {
            throw ImageReader.Damaged(_format, error);
        }
    }
}
