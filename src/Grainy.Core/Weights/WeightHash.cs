using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace Grainy.Core.Weights;

/// <summary>A hash of what a weights file says, whatever container it came in.</summary>
public static class WeightHash
{
    /// <summary>
    /// SHA-256 over the tensors in ordinal order of their names: name in UTF-8, line feed, sizes joined by commas, line feed, values as little-endian float32.
    /// </summary>
    /// <returns>64 lower-case hexadecimal digits.</returns>
    public static string Of(IReadOnlyDictionary<string, WeightTensor> tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var (name, tensor) in tensors.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            var sizes = string.Join(',', tensor.Shape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
            hash.AppendData(Encoding.UTF8.GetBytes($"{name}\n{sizes}\n"));
            hash.AppendData(LittleEndian(tensor.Values));
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>The bytes of the values; no copy where the machine is little-endian, as all that libtorch runs on are.</summary>
    internal static ReadOnlySpan<byte> LittleEndian(float[] values)
    {
        var bytes = MemoryMarshal.AsBytes(values.AsSpan());
        if (BitConverter.IsLittleEndian)
        {
            return bytes;
        }

        var reversed = bytes.ToArray();
        var words = MemoryMarshal.Cast<byte, int>(reversed.AsSpan());
        BinaryPrimitives.ReverseEndianness(words, words);
        return reversed;
    }
}
