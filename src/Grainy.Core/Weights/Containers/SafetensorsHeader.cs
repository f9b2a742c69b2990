using System.Buffers.Binary;
using System.Text.Json;

namespace Grainy.Core.Weights.Containers;

/// <summary>What a safetensors file says about its content.</summary>
/// <param name="Tensors">In the order of their values; together they fill the file exactly.</param>
/// <param name="Metadata">Free text by key.</param>
internal sealed record SafetensorsHeader(IReadOnlyList<PendingTensor> Tensors, IReadOnlyDictionary<string, string> Metadata)
{
    // The largest known one has 4 KB.
    private const int LargestHeader = 4 << 20;
    private const int MostAxes = 8;

    /// <summary>Reads and judges the header.</summary>
    /// <exception cref="WeightFormatException">Truncated, overlapping, with gaps, or no safetensors file.</exception>
    public static SafetensorsHeader Read(ByteSource bytes)
    {
        var source = bytes.Name;
        if (bytes.Length < 8)
        {
            throw new WeightFormatException($"'{source}' is no safetensors file: it has only {bytes.Length} bytes; fetch it again.");
        }

        var length = BinaryPrimitives.ReadUInt64LittleEndian(bytes.Read(0, 8));
        if (length > LargestHeader || length > (ulong)bytes.Length - 8)
        {
            throw new WeightFormatException($"'{source}' is no safetensors file, or it is truncated: its header claims {length} bytes; fetch it again.");
        }

        try
        {
            using var header = JsonDocument.Parse(bytes.Read(8, (int)length), new JsonDocumentOptions { MaxDepth = 8 });
            return Judge(header.RootElement, 8 + (long)length, bytes);
        }
        catch (Exception damaged) when (damaged is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException or ArgumentException
            or (FormatException and not WeightFormatException))
        {
            throw new WeightFormatException($"'{source}' has a damaged safetensors header; fetch it again.", damaged);
        }
    }

    private static SafetensorsHeader Judge(JsonElement header, long dataStart, ByteSource bytes)
    {
        var metadata = new Dictionary<string, string>(StringComparer.Ordinal);
        var tensors = new Dictionary<string, (PendingTensor Tensor, long Begin, long End)>(StringComparer.Ordinal);
        foreach (var entry in header.EnumerateObject())
        {
            if (entry.Name == Safetensors.Metadata)
            {
                foreach (var text in entry.Value.EnumerateObject())
                {
                    metadata[text.Name] = text.Value.GetString() ?? throw new JsonException();
                }
            }
            else if (!tensors.TryAdd(entry.Name, ReadEntry(entry.Name, entry.Value, dataStart, bytes)))
            {
                throw new WeightFormatException($"'{bytes.Name}' names '{Printable.Of(entry.Name)}' twice; fetch it again.");
            }
        }

        var ordered = tensors.Values.OrderBy(tensor => tensor.Begin).ThenBy(tensor => tensor.End).ToArray();
        var end = 0L;
        foreach (var (tensor, begin, next) in ordered)
        {
            end = begin == end ? next : throw Misplaced(tensor.Name, bytes);
        }

        return end == bytes.Length - dataStart
            ? new SafetensorsHeader([.. ordered.Select(entry => entry.Tensor)], metadata)
            : throw new WeightFormatException($"'{bytes.Name}' is truncated or goes on after its last tensor; fetch it again.");
    }

    private static (PendingTensor Tensor, long Begin, long End) ReadEntry(string name, JsonElement entry, long dataStart, ByteSource bytes)
    {
        var type = FloatFormats.ForSafetensors(entry.GetProperty("dtype").GetString())
            ?? throw new WeightFormatException(
                $"'{bytes.Name}' holds '{Printable.Of(name)}' as {Printable.Of(entry.GetProperty("dtype").ToString())}, which is no floating-point type; "
                + "nothing known to Grainy does.");
        var shape = entry.GetProperty("shape").EnumerateArray().Select(size => size.GetInt64()).ToArray();
        var offsets = entry.GetProperty("data_offsets").EnumerateArray().Select(offset => offset.GetInt64()).ToArray();
        var count = shape.Aggregate(1L, (product, size) => size >= 0 ? checked(product * size) : throw new OverflowException());
        if (shape.Length > MostAxes || offsets is not [>= 0, _] || offsets[1] > bytes.Length - dataStart || offsets[1] - offsets[0] != checked(count * type.Size()))
        {
            throw Misplaced(name, bytes);
        }

        return (new PendingTensor(name, shape, () => Load(count)), offsets[0], offsets[1]);

        float[] Load(long numbers)
        {
            var values = new float[numbers];
            type.Read(bytes, dataStart + offsets[0], values);
            return values;
        }
    }

    private static WeightFormatException Misplaced(string name, ByteSource bytes) =>
        new($"'{bytes.Name}' is truncated or damaged: the values of '{Printable.Of(name)}' are not where its header says; fetch it again.");
}
