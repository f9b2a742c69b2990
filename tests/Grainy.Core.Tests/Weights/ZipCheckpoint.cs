using System.IO.Compression;
using System.Text;

namespace Grainy.Core.Tests.Weights;

/// <summary>Writes checkpoints as PyTorch 1.6 and later do, right or wrong on purpose.</summary>
internal static class ZipCheckpoint
{
    /// <summary>A dictionary with one tensor <c>[2, 3]</c> over six numbers.</summary>
    public static byte[] OneTensor(
        float[] numbers, string storageType = "FloatStorage", byte[]? strides = null, CompressionLevel compression = CompressionLevel.NoCompression)
    {
        strides ??= [3, 1];
        var bytes = numbers.SelectMany(BitConverter.GetBytes).ToArray();
        byte[] pickle =
        [
            0x80, 2, .. "ccollections\nOrderedDict\n)R("u8, .. Text("a.weight"), .. "ctorch._utils\n_rebuild_tensor_v2\n(("u8, .. Text("storage"),
            .. Encoding.ASCII.GetBytes($"ctorch\n{storageType}\n"),
            .. Text("0"), .. Text("cpu"), (byte)'K', (byte)numbers.Length, .. "tQK\0"u8, // the storage, offset 0
            (byte)'K', 2, (byte)'K', 3, 0x86, (byte)'K', strides[0], (byte)'K', strides[1], 0x86, 0x89, .. "ccollections\nOrderedDict\n)RtRu."u8,
        ];
        return Archive(compression, ("model/data.pkl", pickle), ("model/byteorder", "little"u8.ToArray()), ("model/data/0", bytes));
    }

    /// <summary>The file of <see cref="OneTensor"/> over one to six, and what else <paramref name="add"/> puts into the archive.</summary>
    public static byte[] With(Action<ZipArchive> add)
    {
        using var stream = new MemoryStream();
        stream.Write(OneTensor([1, 2, 3, 4, 5, 6]));
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Update, leaveOpen: true))
        {
            add(archive);
        }

        return stream.ToArray();
    }

    public static byte[] WithPickle(byte[] pickle) => Archive(CompressionLevel.NoCompression, ("model/data.pkl", pickle));

    private static byte[] Text(string text) => [(byte)'X', .. BitConverter.GetBytes(text.Length), .. Encoding.UTF8.GetBytes(text)];

    public static byte[] Of(params (string Name, byte[] Content)[] entries) => Archive(CompressionLevel.NoCompression, entries);

    private static byte[] Archive(CompressionLevel compression, params (string Name, byte[] Content)[] entries)
    {
        using var stream = new MemoryStream();
        using (var archive = new ZipArchive(stream, ZipArchiveMode.Create))
        {
            foreach (var (name, content) in entries)
            {
                using var entry = archive.CreateEntry(name, compression).Open();
                entry.Write(content);
            }
        }

        return stream.ToArray();
    }
}
