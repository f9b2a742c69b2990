using System.Buffers.Binary;

namespace Grainy.Core.Weights.Containers;

/// <summary>Sizes of an entry of a zip archive and the place of its header; those that do not fit 32 bits stand in an extra field.</summary>
internal readonly record struct ZipSizes(long Packed, long Unpacked, long Header)
{
    /// <summary>The same with what the extra fields of the directory say.</summary>
    public ZipSizes With(ReadOnlySpan<byte> extra)
    {
        while (extra.Length >= 4 && BinaryPrimitives.ReadUInt16LittleEndian(extra[2..]) is var length && 4 + length <= extra.Length)
        {
            if (BinaryPrimitives.ReadUInt16LittleEndian(extra) == 1)
            {
                var fields = extra.Slice(4, length);
                var unpacked = Next(Unpacked, ref fields);
                var packed = Next(Packed, ref fields);
                return new ZipSizes(packed, unpacked, Next(Header, ref fields));
            }

            extra = extra[(4 + length)..];
        }

        return this;
    }

    private static long Next(long value, ref ReadOnlySpan<byte> fields)
    {
        if (value != uint.MaxValue || fields.Length < 8)
        {
            return value;
        }

        // A negative size is one that no file can have.
        value = BinaryPrimitives.ReadInt64LittleEndian(fields) is var large and >= 0 ? large : long.MaxValue;
        fields = fields[8..];
        return value;
    }
}
