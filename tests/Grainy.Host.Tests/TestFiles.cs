using System.Buffers.Binary;
using Grainy.Core.Images;

namespace Grainy.Host.Tests;

/// <summary>Good and bad image files, made here.</summary>
internal static class TestFiles
{
    /// <summary>A picture with structure and a little noise.</summary>
    public static ImageBuffer Picture(int width = 96, int height = 64, int channels = 3, float offset = 0)
    {
        var planes = new float[channels * height * width];
        for (var i = 0; i < planes.Length; i++)
        {
            var (x, y) = (i % width, i / width % height);
            planes[i] = Math.Clamp(0.5f + (0.3f * MathF.Sin((x + offset) * 0.2f) * MathF.Cos(y * 0.15f)) + (((i * 2654435761u) >> 20) % 64 / 1024f), 0, 1);
        }

        return new ImageBuffer(channels, height, width, planes);
    }

    public static byte[] Write(ImageBuffer image, OutputFormat format)
    {
        using var file = new MemoryStream();
        ImageWriter.Write(image, file, format);
        return file.ToArray();
    }

    /// <summary>The start of a PNG that claims 40,000 × 40,000 pixels.</summary>
    public static byte[] HugePngHeader()
    {
        var header = new byte[25];
        BinaryPrimitives.WriteInt32BigEndian(header, 13);
        "IHDR"u8.CopyTo(header.AsSpan(4));
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(8), 40_000);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(12), 40_000);
        (header[16], header[17]) = (8, 2);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(21), Crc(header.AsSpan(4, 17)));
        return [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0d, 0x0a, 0x1a, 0x0a, .. header];
    }

    private static uint Crc(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++)
            {
                crc = (crc & 1) != 0 ? (crc >> 1) ^ 0xedb88320u : crc >> 1;
            }
        }

        return ~crc;
    }
}
