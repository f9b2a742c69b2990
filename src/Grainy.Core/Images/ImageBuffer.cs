namespace Grainy.Core.Images;

/// <summary>
/// An image in memory: float32 planes C·H·W, nominally in [0, 1]; negatives and overshoot are kept, because clipping breaks the statistics of noise.
/// Treated as immutable once built.
/// </summary>
public sealed class ImageBuffer
{
    /// <summary>Takes ownership of <paramref name="planes"/>.</summary>
    /// <param name="channels">1 (grey) or 3 (RGB).</param>
    /// <param name="height">In pixels.</param>
    /// <param name="width">In pixels.</param>
    /// <param name="planes"><paramref name="channels"/>·<paramref name="height"/>·<paramref name="width"/> samples, plane after plane, row after row.</param>
    /// <exception cref="ArgumentException">The sizes do not fit together.</exception>
    public ImageBuffer(int channels, int height, int width, float[] planes)
    {
        ArgumentNullException.ThrowIfNull(planes);
        if (channels is not (1 or 3) || height < 1 || width < 1 || planes.LongLength != (long)channels * height * width)
        {
            throw new ArgumentException(
                $"{planes.LongLength} samples do not make an image of {channels} × {height} × {width}; channels must be 1 or 3.", nameof(planes));
        }

        (Channels, Height, Width, Planes) = (channels, height, width, planes);
    }

    /// <summary>1 (grey) or 3 (RGB).</summary>
    public int Channels { get; }

    /// <summary>In pixels.</summary>
    public int Height { get; }

    /// <summary>In pixels.</summary>
    public int Width { get; }

    /// <summary>Samples, plane after plane, row after row. Not to be written to.</summary>
    public float[] Planes { get; }

    /// <summary>One plane.</summary>
    public ReadOnlySpan<float> Plane(int channel) => Planes.AsSpan(channel * Height * Width, Height * Width);

    /// <summary>True when both have the same width, height and channels.</summary>
    public bool HasSizeOf(ImageBuffer other)
    {
        ArgumentNullException.ThrowIfNull(other);
        return (Channels, Height, Width) == (other.Channels, other.Height, other.Width);
    }
}
