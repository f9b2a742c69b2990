using System.Buffers.Binary;
using System.Text;

namespace Grainy.Core.Weights.Containers;

/// <summary>One file in an archive; its bytes lie there as they are.</summary>
internal sealed record StoredEntry(string Name, long Start, long Length, uint Checksum);

/// <summary>
/// The list of a zip archive whose entries are only stored, as PyTorch writes them (APPNOTE 6.3, with Zip64). Nothing is ever unpacked to the disk; compressed,
/// encrypted, overlapping, linked and doubly named entries, and names that would lead out of a folder, end the reading.
/// </summary>
internal sealed class StoredZip
{
    private const int EndLength = 22;
    private const int LargestComment = ushort.MaxValue;
    private const int LargestDirectory = 4 << 20;
    private const int LinkType = 0xa000; // S_IFLNK in the upper half of the external attributes

    private readonly ByteSource _bytes;
    private readonly HashSet<string> _checked = [];

    public StoredZip(ByteSource bytes)
    {
        _bytes = bytes;
        var (start, size, count) = FindDirectory();
        Entries = ReadDirectory(start, size, count);
        RequireNoOverlap();
    }

    public IReadOnlyDictionary<string, StoredEntry> Entries { get; }

    /// <summary>The entry, once its checksum was found right; null when there is none of that name.</summary>
    public StoredEntry? Find(string name)
    {
        if (!Entries.TryGetValue(name, out var entry))
        {
            return null;
        }

        if (_checked.Add(name) && Crc32.Of(_bytes, entry.Start, entry.Length) != entry.Checksum)
        {
            throw Damaged($"the checksum of its entry '{Printable.Of(name)}' is wrong");
        }

        return entry;
    }

    private (long Start, int Size, int Count) FindDirectory()
    {
        var tail = _bytes.Read(Math.Max(0, _bytes.Length - EndLength - LargestComment), (int)Math.Min(_bytes.Length, EndLength + LargestComment));
        for (var at = tail.Length - EndLength; at >= 0; at--)
        {
            var end = tail.AsSpan(at);
            if (end.StartsWith("PK\x05\x06"u8) && BinaryPrimitives.ReadUInt16LittleEndian(end[20..]) == end.Length - EndLength)
            {
                var position = _bytes.Length - tail.Length + at;
                var (count, size, start) = (U16(end[10..]), U32(end[12..]), U32(end[16..]));
                return count == ushort.MaxValue || size == uint.MaxValue || start == uint.MaxValue
                    ? FromZip64(position)
                    : Directory(start, size, count, position);
            }
        }

        throw Damaged("its directory at the end is missing");
    }

    private (long Start, int Size, int Count) FromZip64(long end)
    {
        var locator = end >= 20 ? _bytes.Read(end - 20, 20) : throw Damaged("its directory is damaged");
        var at = locator.AsSpan().StartsWith("PK\x06\x07"u8) ? U64(locator.AsSpan(8)) : throw Damaged("its directory is damaged");
        var record = at >= 0 && at <= end - 20 - 56 ? _bytes.Read(at, 56).AsSpan() : throw Damaged("its directory is damaged");
        return record.StartsWith("PK\x06\x06"u8)
            ? Directory(U64(record[48..]), U64(record[40..]), U64(record[32..]), at)
            : throw Damaged("its directory is damaged");
    }

    private (long Start, int Size, int Count) Directory(long start, long size, long count, long end) =>
        start >= 0 && size is >= 0 and <= LargestDirectory && start <= end - size && count >= 0 && count <= size / 46
            ? (start, (int)size, (int)count)
            : throw Damaged("its directory is damaged or larger than any checkpoint's");

    private Dictionary<string, StoredEntry> ReadDirectory(long start, int size, int count)
    {
        var directory = _bytes.Read(start, size).AsSpan();
        var entries = new Dictionary<string, StoredEntry>(StringComparer.Ordinal);
        for (; count > 0; count--)
        {
            if (directory.Length < 46 || !directory.StartsWith("PK\x01\x02"u8))
            {
                throw Damaged("its directory is damaged");
            }

            var (name, extra, comment) = (U16(directory[28..]), U16(directory[30..]), U16(directory[32..]));
            var length = 46 + name + extra + comment;
            var entry = length <= directory.Length
                ? ReadEntry(directory[..length], name, extra, start)
                : throw Damaged("its directory is damaged");
            if (!entries.TryAdd(entry.Name, entry))
            {
                throw new WeightFormatException($"'{_bytes.Name}' holds the entry '{Printable.Of(entry.Name)}' twice, which no checkpoint does; get the official file.");
            }

            directory = directory[length..];
        }

        return entries;
    }

    private StoredEntry ReadEntry(ReadOnlySpan<byte> header, int nameLength, int extraLength, long limit)
    {
        var name = Encoding.UTF8.GetString(header.Slice(46, nameLength));
        var sizes = new ZipSizes(U32(header[20..]), U32(header[24..]), U32(header[42..])).With(header.Slice(46 + nameLength, extraLength));
        if (name.Length == 0 || name[0] == '/' || name.AsSpan().ContainsAny('\\', ':', '\0') || name.Split('/').Contains("..")
            || (U16(header[40..]) & 0xf000) == LinkType)
        {
            throw new WeightFormatException(
                $"'{_bytes.Name}' holds the entry '{Printable.Of(name)}', a link or a path that leads elsewhere, which no checkpoint has; get the official file.");
        }

        if ((U16(header[8..]) & 1) != 0 || U16(header[10..]) != 0 || sizes.Packed != sizes.Unpacked)
        {
            throw new WeightFormatException(
                $"'{_bytes.Name}' holds the compressed or oversized entry '{Printable.Of(name)}', which no checkpoint has; get the official file.");
        }

        if (sizes.Header > limit - 30)
        {
            throw Damaged("an entry lies outside of it");
        }

        // Where the content begins follows from the header before it, whose padding differs from that in the directory.
        var local = _bytes.Read(sizes.Header, 30).AsSpan();
        var start = sizes.Header + 30 + U16(local[26..]) + U16(local[28..]);
        return local.StartsWith("PK\x03\x04"u8) && start <= limit && sizes.Unpacked <= limit - start
            ? new StoredEntry(name, start, sizes.Unpacked, (uint)U32(header[16..]))
            : throw Damaged("an entry lies outside of it");
    }

    private void RequireNoOverlap()
    {
        var end = 0L;
        foreach (var entry in Entries.Values.OrderBy(entry => entry.Start).ThenBy(entry => entry.Length))
        {
            end = entry.Start >= end ? entry.Start + entry.Length : throw Damaged("two of its entries overlap");
        }
    }

    private static int U16(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt16LittleEndian(bytes);

    private static long U32(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt32LittleEndian(bytes);

    private static long U64(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadInt64LittleEndian(bytes);

    private WeightFormatException Damaged(string why) => new($"'{_bytes.Name}' is a truncated or damaged zip archive: {why}; fetch it again.");
}
