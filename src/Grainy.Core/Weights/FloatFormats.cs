using System.Buffers.Binary;
using System.Runtime.InteropServices;
using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights;

/// <summary>How a number lies in a weights file, always little-endian.</summary>
internal enum FloatFormat
{
    Float32,
    Float16,
    BFloat16,
    Float64,
}

/// <summary>Names and decoding of <see cref="FloatFormat"/>.</summary>
internal static class FloatFormats
{
    private const int Piece = 1 << 16;

    public static FloatFormat? ForSafetensors(string? dtype) => dtype switch
    {
        "F32" => FloatFormat.Float32,
        "F16" => FloatFormat.Float16,
        "BF16" => FloatFormat.BFloat16,
        "F64" => FloatFormat.Float64,
        _ => null,
    };

    public static FloatFormat? ForTorchStorage(string storageClass) => storageClass switch
    {
        "torch FloatStorage" => FloatFormat.Float32,
        "torch HalfStorage" => FloatFormat.Float16,
        "torch BFloat16Storage" => FloatFormat.BFloat16,
        "torch DoubleStorage" => FloatFormat.Float64,
        _ => null,
    };

    public static int Size(this FloatFormat format) => format switch
    {
        FloatFormat.Float32 => 4,
        FloatFormat.Float64 => 8,
        _ => 2,
    };

    /// <summary>Fills <paramref name="values"/> from <paramref name="position"/> on, without a second copy of the numbers in memory.</summary>
    public static void Read(this FloatFormat format, ByteSource bytes, long position, Span<float> values)
    {
        if (format == FloatFormat.Float32 && BitConverter.IsLittleEndian)
        {
            bytes.Read(position, MemoryMarshal.AsBytes(values));
            return;
        }

        var size = format.Size();
        var piece = new byte[Math.Min(Piece, values.Length) * size];
        for (var done = 0; done < values.Length; done += Piece)
        {
            var count = Math.Min(Piece, values.Length - done);
            bytes.Read(position + ((long)done * size), piece.AsSpan(0, count * size));
            format.Decode(piece.AsSpan(0, count * size), values.Slice(done, count));
        }
    }

    private static void Decode(this FloatFormat format, ReadOnlySpan<byte> bytes, Span<float> values)
    {
        var size = format.Size();
        for (var i = 0; i < values.Length; i++)
        {
            var item = bytes.Slice(i * size, size);
            values[i] = format switch
            {
                FloatFormat.Float32 => BinaryPrimitives.ReadSingleLittleEndian(item),
                FloatFormat.Float16 => (float)BinaryPrimitives.ReadHalfLittleEndian(item),
                FloatFormat.BFloat16 => BitConverter.Int32BitsToSingle(BinaryPrimitives.ReadUInt16LittleEndian(item) << 16),
                _ => (float)BinaryPrimitives.ReadDoubleLittleEndian(item),
            };
        }
    }
}
