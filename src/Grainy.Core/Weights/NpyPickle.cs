using System.Buffers.Binary;
using System.Text;
using Grainy.Core.Weights.Containers;
using Grainy.Core.Weights.Pickles;

namespace Grainy.Core.Weights;

/// <summary>
/// Reads the weights that E-LPIPS publishes: a .npy file whose single object is a pickled dictionary of float32 arrays. Nothing in the file is executed.
/// </summary>
public static class NpyPickle
{
    // VGG-16's features take about 90 MB in this form; the pickle must be in memory whole.
    private const long LargestFile = 128 << 20;

    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightFormatException">Truncated, damaged, or asking for anything but arrays.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(string path)
    {
        using var bytes = new FileSource(path);
        return PendingTensor.ReadAll(List(bytes), bytes);
    }

    /// <summary>Reads the whole file given as <paramref name="bytes"/>; <paramref name="source"/> names it in errors. Shapes stay as they are in the file.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(byte[] bytes, string source)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        using var memory = new MemorySource(bytes, source);
        return PendingTensor.ReadAll(List(memory), memory);
    }

    internal static bool IsNpy(ReadOnlySpan<byte> start) => start is [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, ..];

    internal static IReadOnlyList<PendingTensor> List(ByteSource bytes)
    {
        var source = bytes.Name;
        if (bytes.Length < 10 || bytes.Read(0, 10) is not { } start || !IsNpy(start))
        {
            throw new WeightFormatException($"'{source}' is no .npy file; give the file as it was downloaded.");
        }

        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(start.AsSpan(8));
        if (start[6] != 1 || 10 + headerLength > bytes.Length || !Encoding.Latin1.GetString(bytes.Read(10, headerLength)).Contains("'|O'", StringComparison.Ordinal))
        {
            throw new WeightFormatException(
                $"'{source}' is no .npy file of version 1 with a dictionary inside; give a weights file of E-LPIPS as it was downloaded.");
        }

        if (bytes.Length > LargestFile)
        {
            throw new WeightFormatException($"'{source}' is larger than 128 MiB: no weights file of E-LPIPS is; get the official file.");
        }

        var reader = new PickleReader(bytes, 10 + headerLength, bytes.Length, new NumpyConstructors(source, bytes.Length));
        var dictionary = reader.Read() is NumpyArray { Objects: [PickleDictionary single] } && reader.Position == bytes.Length ? single : throw Damaged(source);
        var tensors = new Dictionary<string, PendingTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is not string name || value is not NumpyArray { Bytes: { } numbers } array || !tensors.TryAdd(name, Pending(name, array, numbers, source)))
            {
                throw Damaged(source);
            }
        }

        return [.. tensors.Values];
    }

    private static PendingTensor Pending(string name, NumpyArray array, byte[] numbers, string source)
    {
        var count = numbers.Length / 4;
        if (array.Shape.Any(size => size < 0 || size > count) || array.Shape.Aggregate(1.0, (product, size) => product * size) * 4 != numbers.Length)
        {
            throw Damaged(source);
        }

        var strides = StridedNumbers.Contiguous(array.Shape, array.ColumnOrder);
        return new PendingTensor(name, array.Shape, () =>
        {
            var memory = new MemorySource(numbers, source);
            return StridedNumbers.Read(memory, 0, FloatFormat.Float32, 0, array.Shape, strides);
        });
    }

    private static WeightFormatException Damaged(string source) => new($"'{source}' is no valid file of weights: its arrays are damaged; fetch it again.");
}
