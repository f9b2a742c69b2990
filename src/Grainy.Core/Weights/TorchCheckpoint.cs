using Grainy.Core.Weights.Containers;
using Grainy.Core.Weights.Pickles;

namespace Grainy.Core.Weights;

/// <summary>
/// Reads the tensors of a PyTorch checkpoint (a dictionary of tensors), in the zip format of version 1.6 and later and in the legacy format before it. Nothing in
/// the file is executed.
/// </summary>
public static class TorchCheckpoint
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightFormatException">Truncated, damaged, or asking for anything but tensors.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(string path)
    {
        using var bytes = new FileSource(path);
        return PendingTensor.ReadAll(List(bytes), bytes);
    }

    /// <summary>Reads the whole file given as <paramref name="bytes"/>; <paramref name="source"/> names it in errors.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(byte[] bytes, string source)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var memory = new MemorySource(bytes, source);
        return PendingTensor.ReadAll(List(memory), memory);
    }

    internal static bool IsZip(ReadOnlySpan<byte> start) => start.StartsWith("PK\x03\x04"u8);

    internal static IReadOnlyList<PendingTensor> List(ByteSource bytes)
    {
        var start = bytes.Read(0, (int)Math.Min(bytes.Length, LegacyCheckpoint.StartLength));
        return IsZip(start) ? ZipCheckpoint.List(bytes)
            : LegacyCheckpoint.IsLegacy(start) ? LegacyCheckpoint.List(bytes)
            : throw new WeightFormatException($"'{bytes.Name}' is no PyTorch checkpoint; give a .pth file as it was downloaded.");
    }

    /// <summary>Turns the dictionary of a checkpoint into tensors whose values are still in the file.</summary>
    /// <param name="starts">Where the numbers of each storage begin.</param>
    internal static IReadOnlyList<PendingTensor> Assemble(object? content, Func<string, long> starts, ByteSource bytes)
    {
        var tensors = new Dictionary<string, PendingTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in (content as PickleDictionary ?? throw Damaged(bytes.Name)).Items)
        {
            if (key is not string name || value is not TorchTensor tensor || !tensors.TryAdd(name, Pending(name, tensor, starts, bytes)))
            {
                throw new WeightFormatException($"'{bytes.Name}' is no plain dictionary of tensors; give the file of the weights alone (a state dictionary).");
            }
        }

        return [.. tensors.Values];
    }

    internal static WeightFormatException Damaged(string source) => new($"'{source}' is no valid checkpoint: its list of tensors is damaged; fetch it again.");

    private static PendingTensor Pending(string name, TorchTensor tensor, Func<string, long> starts, ByteSource bytes)
    {
        var (storage, offset, sizes, strides) = tensor;
        return StridedNumbers.Fit(storage.Count, offset, sizes, strides)
            ? new PendingTensor(name, sizes, () => StridedNumbers.Read(bytes, starts(storage.Key), storage.Format, offset, sizes, strides))
            : throw Damaged(bytes.Name);
    }
}
