using System.Buffers.Binary;
using System.IO.Compression;
using System.Numerics;
using Grainy.Core.Weights.Pickles;

namespace Grainy.Core.Weights;

/// <summary>
/// Reads the tensors of a PyTorch checkpoint (a dictionary of tensors), in the zip format of version 1.6 and later and in the legacy format before it. Nothing in
/// the file is executed.
/// </summary>
public static class TorchCheckpoint
{
    private const long LargestFile = 1L << 30;
    private static readonly BigInteger LegacyMagic = BigInteger.Parse("119547037146038801333356", System.Globalization.CultureInfo.InvariantCulture);
    private static readonly byte[] LegacyStart = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20];

    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightFormatException">Truncated, damaged, or asking for anything but tensors.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(string path) => Read(File.ReadAllBytes(path), path);

    /// <summary>Reads the whole file given as <paramref name="bytes"/>; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(byte[] bytes, string source)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        return IsZip(bytes) ? ReadZip(bytes, source)
            : IsLegacy(bytes) ? ReadLegacy(bytes, source)
            : throw new WeightFormatException($"'{source}' is no PyTorch checkpoint; give a .pth file as it was downloaded.");
    }

    internal static bool IsZip(ReadOnlySpan<byte> bytes) => bytes.StartsWith("PK\x03\x04"u8);

    internal static bool IsLegacy(ReadOnlySpan<byte> bytes) => bytes.StartsWith(LegacyStart);

    // Five pickles (magic number, protocol, system facts, tensors, list of storage keys), then per key: count as int64, values.
    private static Dictionary<string, WeightTensor> ReadLegacy(byte[] bytes, string source)
    {
        var position = 0;
        var constructors = new TorchConstructors(source);
        if (Next() is not BigInteger magic || magic != LegacyMagic || Next() is not long version || Next() is not PickleDictionary system)
        {
            throw Damaged(source);
        }

        if (version != 1001 || system["little_endian"] is false)
        {
            throw new WeightFormatException(
                $"'{source}' is a legacy checkpoint of version {version} or in big-endian order; save it again with PyTorch 1.6 or later.");
        }

        var content = Next();
        var keys = Next() as List<object?> ?? throw Damaged(source);
        var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
        foreach (var item in keys)
        {
            var storage = item is string key && constructors.Storages.TryGetValue(key, out var known) ? known : throw Damaged(source);
            var size = checked(storage.Count * storage.Format.Size());
            if (bytes.Length - position < 8 || size > bytes.Length - position - 8)
            {
                throw new WeightFormatException($"'{source}' is truncated: the values of a tensor are missing at its end; fetch it again.");
            }

            if (BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(position)) != storage.Count
                || !values.TryAdd(storage.Key, storage.Format.Decode(bytes.AsSpan(position + 8, (int)size))))
            {
                throw Damaged(source);
            }

            position += 8 + (int)size;
        }

        return Assemble(content, values, source);

        object? Next()
        {
            var reader = new PickleReader(bytes, position, constructors, source);
            var value = reader.Read();
            position = reader.Position;
            return value;
        }
    }

    private static Dictionary<string, WeightTensor> ReadZip(byte[] bytes, string source)
    {
        try
        {
            using var archive = new ZipArchive(new MemoryStream(bytes, writable: false), ZipArchiveMode.Read);
            var pickle = archive.Entries.SingleOrDefault(entry => entry.FullName.EndsWith("/data.pkl", StringComparison.Ordinal)) ?? throw Damaged(source);
            var root = pickle.FullName[..^"data.pkl".Length];
            if (archive.GetEntry(root + "byteorder") is { } order && !Extract(order, 16, source).AsSpan().StartsWith("little"u8))
            {
                throw new WeightFormatException($"'{source}' is in big-endian order; save it again on a little-endian machine.");
            }

            var constructors = new TorchConstructors(source);
            var content = new PickleReader(Extract(pickle, 64 << 20, source), 0, constructors, source).Read();
            var values = new Dictionary<string, float[]>(StringComparer.Ordinal);
            foreach (var storage in constructors.Storages.Values)
            {
                var size = checked(storage.Count * storage.Format.Size());
                var entry = archive.GetEntry($"{root}data/{storage.Key}") ?? throw Damaged(source);
                values[storage.Key] = entry.Length == size ? storage.Format.Decode(Extract(entry, LargestFile, source)) : throw Damaged(source);
            }

            return Assemble(content, values, source);
        }
        catch (Exception broken) when (broken is InvalidDataException or EndOfStreamException or InvalidOperationException or OverflowException)
        {
            throw new WeightFormatException($"'{source}' is a truncated or damaged zip archive; fetch it again.", broken);
        }
    }

    // PyTorch stores without compression; an entry that claims to unpack to much more than the archive holds is no checkpoint.
    private static byte[] Extract(ZipArchiveEntry entry, long limit, string source)
    {
        if (entry.Length > limit || entry.CompressedLength != entry.Length)
        {
            throw new WeightFormatException(
                $"'{source}' holds the compressed or oversized entry '{entry.FullName}', which no checkpoint has; get the official file.");
        }

        var content = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(content);
        return content;
    }

    private static Dictionary<string, WeightTensor> Assemble(object? content, Dictionary<string, float[]> values, string source)
    {
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in (content as PickleDictionary ?? throw Damaged(source)).Items)
        {
            if (key is not string name || value is not TorchTensor tensor || !tensors.TryAdd(name, Gather(tensor, values, source)))
            {
                throw new WeightFormatException($"'{source}' is no plain dictionary of tensors; give the file of the weights alone (a state dictionary).");
            }
        }

        return tensors;
    }

    private static WeightTensor Gather(TorchTensor tensor, Dictionary<string, float[]> values, string source)
    {
        var (storage, offset, sizes, strides) = tensor;
        if (!values.TryGetValue(storage.Key, out var numbers) || sizes.Length != strides.Length || sizes.Length > 8
            || sizes.Any(size => size < 0 || size > numbers.Length)
            || strides.Any(stride => stride < 0 || stride > numbers.Length) || offset < 0 || offset > numbers.Length)
        {
            throw Damaged(source);
        }

        // A stride of 0 repeats numbers: more elements than the storage has would be a way to fill the memory.
        var count = sizes.Aggregate(new BigInteger(1), (product, size) => product * size);
        var last = offset + sizes.Zip(strides).Aggregate(BigInteger.Zero, (sum, axis) => sum + ((BigInteger)(axis.First - 1) * axis.Second));
        if (count > numbers.Length || (count > 0 && last >= numbers.Length))
        {
            throw Damaged(source);
        }

        var result = new float[(int)count];
        var index = new long[sizes.Length];
        for (var i = 0; i < result.Length; i++)
        {
            result[i] = numbers[offset + index.Zip(strides, (at, stride) => at * stride).Sum()];
            for (var axis = sizes.Length - 1; axis >= 0 && ++index[axis] == sizes[axis]; axis--)
            {
                index[axis] = 0;
            }
        }

        return new WeightTensor(sizes, result);
    }

    private static WeightFormatException Damaged(string source) => new($"'{source}' is no valid checkpoint: its list of tensors is damaged; fetch it again.");
}
