using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>An image that is read from top to bottom, so that it need not be in memory as a whole.</summary>
internal interface IRowSource
{
    int Width { get; }

    int Height { get; }

    /// <summary>1 or 3.</summary>
    int Channels { get; }

    /// <summary>Some rows as an image of their own. <paramref name="top"/> never goes back, and rows may overlap with those asked for just before.</summary>
    ImageBuffer Read(int top, int count);
}

/// <summary>An image that is written from top to bottom.</summary>
internal interface IRowSink
{
    /// <summary>The next rows of the result and, when it was asked for, of its expected error.</summary>
    void Write(ImageBuffer rows, ImageBuffer? deviation);
}

/// <summary>An image in memory.</summary>
internal sealed class MemoryRows(ImageBuffer image) : IRowSource
{
    public int Width => image.Width;

    public int Height => image.Height;

    public int Channels => image.Channels;

    public ImageBuffer Read(int top, int count)
    {
        var planes = new float[image.Channels * count * image.Width];
        for (var channel = 0; channel < image.Channels; channel++)
        {
            image.Plane(channel).Slice(top * image.Width, count * image.Width).CopyTo(planes.AsSpan(channel * count * image.Width));
        }

        return new ImageBuffer(image.Channels, count, image.Width, planes);
    }
}

/// <summary>Puts rows together in memory.</summary>
internal sealed class MemorySink(int channels, int height, int width) : IRowSink
{
    private readonly float[] _planes = new float[channels * height * width];
    private float[]? _deviation;
    private int _top;

    public ImageBuffer Image => new(channels, height, width, _planes);

    public ImageBuffer? Deviation => _deviation is null ? null : new ImageBuffer(channels, height, width, _deviation);

    public void Write(ImageBuffer rows, ImageBuffer? deviation)
    {
        Copy(rows, _planes);
        if (deviation is not null)
        {
            Copy(deviation, _deviation ??= new float[_planes.Length]);
        }

        _top += rows.Height;
    }

    private void Copy(ImageBuffer rows, float[] planes)
    {
        for (var channel = 0; channel < channels; channel++)
        {
            rows.Plane(channel).CopyTo(planes.AsSpan(((channel * height) + _top) * width));
        }
    }
}
