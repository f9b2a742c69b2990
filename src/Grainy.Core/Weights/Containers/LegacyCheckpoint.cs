using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using Grainy.Core.Weights.Pickles;

namespace Grainy.Core.Weights.Containers;

/// <summary>
/// The format of PyTorch before 1.6: five pickles (magic number, protocol, system facts, tensors, list of storage keys), then per key its count as int64 and its
/// values. The official VGG-16 and the heads of LPIPS come in it.
/// </summary>
internal static class LegacyCheckpoint
{
    public const int StartLength = 10;
    private const int LargestList = 4 << 20;
    private const int MostStorages = 1 << 14;
    private static readonly BigInteger Magic = BigInteger.Parse("119547037146038801333356", CultureInfo.InvariantCulture);
    private static readonly byte[] Start = [0x80, 0x02, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20];

    public static bool IsLegacy(ReadOnlySpan<byte> start) => start.StartsWith(Start);

    public static IReadOnlyList<PendingTensor> List(ByteSource bytes)
    {
        var (position, source) = (0L, bytes.Name);
        var constructors = new TorchConstructors(source);
        if (Next() is not BigInteger magic || magic != Magic || Next() is not long version || Next() is not PickleDictionary system)
        {
            throw TorchCheckpoint.Damaged(source);
        }

        if (version != 1001 || system["little_endian"] is not true)
        {
            throw new WeightFormatException(
                $"'{source}' is a legacy checkpoint of version {version} or in big-endian order; save it again with PyTorch 1.6 or later.");
        }

        var content = Next();
        var keys = Next() as List<object?> ?? throw TorchCheckpoint.Damaged(source);
        var starts = Storages(bytes, position, keys, constructors);
        return TorchCheckpoint.Assemble(content, key => starts.TryGetValue(key, out var start) ? start : throw TorchCheckpoint.Damaged(source), bytes);

        object? Next()
        {
            var reader = new PickleReader(bytes, position, Math.Min(bytes.Length, position + LargestList), constructors);
            var value = reader.Read();
            position = reader.Position;
            return value;
        }
    }

    private static Dictionary<string, long> Storages(ByteSource bytes, long position, List<object?> keys, TorchConstructors constructors)
    {
        var starts = new Dictionary<string, long>(StringComparer.Ordinal);
        Span<byte> count = stackalloc byte[8];
        foreach (var item in keys.Count <= MostStorages ? keys : throw TorchCheckpoint.Damaged(bytes.Name))
        {
            var storage = item is string key && constructors.Storages.TryGetValue(key, out var known) ? known : throw TorchCheckpoint.Damaged(bytes.Name);
            if (bytes.Length - position < 8 || storage.Count > (bytes.Length - position - 8) / storage.Format.Size())
            {
                throw new WeightFormatException($"'{bytes.Name}' is truncated: the values of a tensor are missing at its end; fetch it again.");
            }

            bytes.Read(position, count);
            if (BinaryPrimitives.ReadInt64LittleEndian(count) != storage.Count || !starts.TryAdd(storage.Key, position + 8))
            {
                throw TorchCheckpoint.Damaged(bytes.Name);
            }

            position += 8 + (storage.Count * storage.Format.Size());
        }

        return position == bytes.Length ? starts : throw new WeightFormatException($"'{bytes.Name}' goes on after its last tensor; fetch it again.");
    }
}
