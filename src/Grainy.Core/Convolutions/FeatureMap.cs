using System.Buffers;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>
/// Feature maps of several images for our own vector code: float32, pixel after pixel, the channels of a pixel side by side. The memory is pooled, because fresh
/// memory of this size costs more in page faults than a layer takes to compute.
/// </summary>
internal sealed unsafe class FeatureMap : IDisposable
{
    // Floats of a cache line.
    private const int Line = 16;

    private readonly float[] _array;
    private GCHandle _pin;

    /// <summary>Makes maps of undefined content.</summary>
    public FeatureMap(int count, int height, int width, int channels)
    {
        (Count, Height, Width, Channels) = (count, height, width, channels);
        _array = ArrayPool<float>.Shared.Rent(checked((int)Length + (2 * Line))); // to begin at a line, and to be read a little beyond the end
        _pin = GCHandle.Alloc(_array, GCHandleType.Pinned);
        Data = (float*)((_pin.AddrOfPinnedObject() + (4 * Line) - 1) & ~(nint)((4 * Line) - 1));
    }

    private FeatureMap(FeatureMap map, int count, int rows, float* data)
    {
        (Count, Height, Width, Channels, _array) = (count, rows, map.Width, map.Channels, map._array);
        Data = data;
        GC.SuppressFinalize(this);
    }

    ~FeatureMap() => _pin.Free();

    /// <summary>Images.</summary>
    public int Count { get; }

    /// <summary>Rows.</summary>
    public int Height { get; }

    /// <summary>Columns.</summary>
    public int Width { get; }

    /// <summary>Channels.</summary>
    public int Channels { get; }

    /// <summary>All numbers.</summary>
    public long Length => (long)Count * Height * Width * Channels;

    /// <summary>The first number, at the beginning of a cache line; valid until it is disposed.</summary>
    public float* Data { get; }

    /// <summary>A copy of <c>[N, C, H, W]</c>, float32 on the CPU; borrowed.</summary>
    public static FeatureMap Of(Tensor images)
    {
        var shape = images.Require("N C H W");
        using var scope = NewDisposeScope();
        var map = new FeatureMap((int)shape[0], (int)shape[2], (int)shape[3], (int)shape[1]);
        images.detach().permute(0, 2, 3, 1).contiguous().bytes.CopyTo(map.Bytes());
        return map;
    }

    /// <summary>A copy as <c>[N, C, H, W]</c>, channels-last; the caller owns it.</summary>
    public Tensor ToTensor()
    {
        using var scope = NewDisposeScope();
        var copy = empty([Count, Height, Width, Channels], dtype: float32);
        copy.bytes = Bytes();
        return copy.permute(0, 3, 1, 2).MoveToOuterDisposeScope();
    }

    /// <summary>Some rows of one image, where they are; valid as long as this is.</summary>
    public FeatureMap Rows(int image, int row, int rows) => new(this, 1, rows, At(image, row, 0));

    /// <summary>Some images, where they are; valid as long as this is.</summary>
    public FeatureMap Images(int first, int count) => new(this, count, Height, At(first, 0, 0));

    /// <summary>A pixel's first channel.</summary>
    public float* At(int image, int row, int column) => Data + ((((((long)image * Height) + row) * Width) + column) * Channels);

    /// <summary>Asks for a part of an image that will be used next, so that it is in the cache by then. The part may reach beyond the image.</summary>
    public void Prefetch(int image, int row, int column, int rows, int columns)
    {
        var (first, step) = ((nint)At(image, row, column), (nint)Width * Channels * sizeof(float));
        for (; rows > 0; rows--, first += step)
        {
            for (nint at = 0; at < columns * Channels * sizeof(float); at += Line * sizeof(float))
            {
                Sse.Prefetch0((void*)(first + at));
            }
        }
    }

    /// <summary>The same for the cache line of one channel.</summary>
    public void Prefetch(int image, int row, int column, int rows, int columns, int channel)
    {
        var first = At(image, row, column) + channel;
        var step = (nint)Width * Channels;
        for (; rows > 0; rows--, first += step)
        {
            for (nint at = 0; at < columns * Channels; at += Channels)
            {
                Sse.Prefetch0(first + at);
            }
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        if (_pin.IsAllocated)
        {
            _pin.Free();
            ArrayPool<float>.Shared.Return(_array);
            GC.SuppressFinalize(this);
        }
    }

    private Span<byte> Bytes() => new(Data, checked((int)(4 * Length)));
}
