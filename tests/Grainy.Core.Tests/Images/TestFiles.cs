using System.Buffers.Binary;
using Grainy.Core.Images;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Tests.Images;

/// <summary>Files built in code, good and bad.</summary>
internal static class TestFiles
{
    /// <summary>A file as the product writes it.</summary>
    public static byte[] Written(ImageBuffer image, OutputFormat format)
    {
        using var stream = new MemoryStream();
        ImageWriter.Write(image, stream, format);
        return stream.ToArray();
    }

    /// <summary>An 8-bit image of <paramref name="bands"/> bands whose samples count upwards.</summary>
    public static VipsImage Counting(int width, int height, int bands, Enums.Interpretation interpretation)
    {
        VipsRuntime.Ensure();
        var samples = Enumerable.Range(0, width * height * bands).Select(i => (byte)(i * 7)).ToArray();
        using var plain = VipsImage.NewFromMemory(samples, width, height, bands, Enums.BandFormat.Uchar);
        return plain.Copy(interpretation: interpretation);
    }

    /// <summary>The signature and header chunk of a PNG, and nothing more.</summary>
    public static byte[] PngHeader(uint width, uint height)
    {
        byte[] file = [0x89, .. "PNG\r\n\u001a\n"u8, 0, 0, 0, 13, .. "IHDR"u8, 0, 0, 0, 0, 0, 0, 0, 0, 8, 2, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(16), width);
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(20), height);
        return file;
    }

    /// <summary>A grey TIFF of the given size and sample type with a strip that holds <paramref name="data"/>.</summary>
    /// <param name="kind">1 unsigned, 2 signed, 3 float.</param>
    public static byte[] Tiff(uint width, uint height, ushort bits, ushort kind, byte[] data)
    {
        (ushort Tag, ushort Type, uint Value)[] entries =
        [
            (256, 4, width), (257, 4, height), (258, 3, bits), (259, 3, 1), (262, 3, 1), (273, 4, 8 + 2 + (10 * 12) + 4), (277, 3, 1), (278, 4, height),
            (279, 4, (uint)data.Length), (339, 3, kind),
        ];
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        writer.Write("II*\0"u8);
        writer.Write(8u);
        writer.Write((ushort)entries.Length);
        foreach (var (tag, type, value) in entries)
        {
            writer.Write(tag);
            writer.Write(type);
            writer.Write(1u);
            writer.Write(value);
        }

        writer.Write(0u);
        writer.Write(data);
        writer.Flush();
        return stream.ToArray();
    }
}
