using System.Buffers.Binary;
using System.Text;
using Grainy.Core.Weights.Pickles;

namespace Grainy.Core.Weights;

/// <summary>
/// Reads the weights that E-LPIPS publishes: a .npy file whose single object is a pickled dictionary of float32 arrays. Nothing in the file is executed.
/// </summary>
public static class NpyPickle
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="WeightFormatException">Truncated, damaged, or asking for anything but arrays.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(string path) => Read(File.ReadAllBytes(path), path);

    /// <summary>Reads the whole file given as <paramref name="bytes"/>; <paramref name="source"/> names it in errors. Shapes stay as they are in the file.</summary>
    /// <exception cref="WeightFormatException">As above.</exception>
    public static IReadOnlyDictionary<string, WeightTensor> Read(byte[] bytes, string source)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        if (!IsNpy(bytes) || bytes.Length < 10)
        {
            throw new WeightFormatException($"'{source}' is no .npy file; give the file as it was downloaded.");
        }

        var headerLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8));
        if (bytes[6] != 1 || 10 + headerLength > bytes.Length || !Encoding.Latin1.GetString(bytes, 10, headerLength).Contains("'|O'", StringComparison.Ordinal))
        {
            throw new WeightFormatException(
                $"'{source}' is no .npy file of version 1 with a dictionary inside; give a weights file of E-LPIPS as it was downloaded.");
        }

        var content = new PickleReader(bytes, 10 + headerLength, new NumpyConstructors(source), source).Read();
        var dictionary = content is NumpyArray { Objects: [PickleDictionary single] } ? single : throw Damaged(source);
        var tensors = new Dictionary<string, WeightTensor>(StringComparer.Ordinal);
        foreach (var (key, value) in dictionary.Items)
        {
            if (key is not string name || value is not NumpyArray { Numbers: { } numbers } array || !tensors.TryAdd(name, Tensor(array.Shape, numbers, source)))
            {
                throw Damaged(source);
            }
        }

        return tensors;
    }

    internal static bool IsNpy(ReadOnlySpan<byte> bytes) => bytes is [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, ..];

    private static WeightTensor Tensor(long[] shape, float[] numbers, string source)
    {
        try
        {
            return new WeightTensor(shape, numbers);
        }
        catch (ArgumentException)
        {
            throw Damaged(source);
        }
    }

    private static WeightFormatException Damaged(string source) => new($"'{source}' is no valid file of weights: its arrays are damaged; fetch it again.");
}
