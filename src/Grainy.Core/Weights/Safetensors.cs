using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using Grainy.Core.Weights.Containers;

namespace Grainy.Core.Weights;

/// <summary>
/// The safetensors container: an 8-byte little-endian length, that many bytes of JSON (name → dtype, shape, [begin, end)), then raw values. Holds no code by
/// design.
/// </summary>
public static class Safetensors
{
    internal const string Metadata = "__metadata__";

    /// <summary>Reads every tensor; F32, F16, BF16 and F64 become float32.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="source">What to call it in errors.</param>
    /// <exception cref="WeightFormatException">Truncated, overlapping, or no safetensors file.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(ReadOnlyMemory<byte> bytes, string source)
    {
        using var memory = new MemorySource(bytes, source);
        return PendingTensor.ReadAll(SafetensorsHeader.Read(memory).Tensors, memory);
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(string path)
    {
        using var file = new FileSource(path);
        return PendingTensor.ReadAll(SafetensorsHeader.Read(file).Tensors, file);
    }

    /// <summary>Writes tensors in ordinal order of their names, so that equal content gives equal bytes.</summary>
    /// <param name="tensors">By name.</param>
    /// <param name="destination">Left open.</param>
    /// <param name="metadata">Free text by key, kept beside the tensors.</param>
    /// <param name="half">Store half-precision numbers (F16), rounded to the nearest; otherwise F32.</param>
    public static void Write(IReadOnlyDictionary<string, WeightTensor> tensors, Stream destination, IReadOnlyDictionary<string, string>? metadata = null, bool half = false)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(destination);
        var ordered = tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal).ToArray();
        using var header = new MemoryStream();
        using (var json = new Utf8JsonWriter(header))
        {
            WriteHeader(json, ordered, metadata, half);
        }

        // Values start at a multiple of eight; blanks after the JSON are allowed for that.
        var padding = (8 - (int)(header.Length % 8)) % 8;
        header.Write(Encoding.ASCII.GetBytes(new string(' ', padding)));
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64LittleEndian(length, (ulong)header.Length);
        destination.Write(length);
        header.WriteTo(destination);
        foreach (var (_, tensor) in ordered)
        {
            destination.Write(half ? MemoryMarshal.AsBytes<Half>(Array.ConvertAll(tensor.Values, value => (Half)value)) : WeightHash.LittleEndian(tensor.Values));
        }
    }

    private static void WriteHeader(Utf8JsonWriter json, KeyValuePair<string, WeightTensor>[] ordered, IReadOnlyDictionary<string, string>? metadata, bool half)
    {
        var size = half ? 2L : 4L;
        json.WriteStartObject();
        if (metadata is { Count: > 0 })
        {
            json.WriteStartObject(Metadata);
            foreach (var (key, text) in metadata.OrderBy(pair => pair.Key, StringComparer.Ordinal))
            {
                json.WriteString(key, text);
            }

            json.WriteEndObject();
        }

        var offset = 0L;
        foreach (var (name, tensor) in ordered)
        {
            json.WriteStartObject(name);
            json.WriteString("dtype", half ? "F16" : "F32");
            WriteNumbers(json, "shape", tensor.Shape);
            WriteNumbers(json, "data_offsets", [offset, offset + (size * tensor.Values.LongLength)]);
            json.WriteEndObject();
            offset += size * tensor.Values.LongLength;
        }

        json.WriteEndObject();
    }

    private static void WriteNumbers(Utf8JsonWriter json, string name, long[] numbers)
    {
        json.WriteStartArray(name);
        foreach (var number in numbers)
        {
            json.WriteNumberValue(number);
        }

        json.WriteEndArray();
    }
}
