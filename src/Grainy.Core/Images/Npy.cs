using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Grainy.Core.Images;

/// <summary>NumPy's array files (format 1.0, NEP 1): float32, little-endian, C order, axes C·H·W. The exact form in which decoded pixels are kept.</summary>
public static partial class Npy
{
    private static ReadOnlySpan<byte> Magic => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <summary>Writes all samples, bit for bit.</summary>
    public static void Write(ImageBuffer image, Stream destination)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(destination);
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({image.Channels}, {image.Height}, {image.Width}), }}";
        var padded = header.PadRight((((10 + header.Length + 1 + 63) / 64) * 64) - 11) + '\n';
        Span<byte> start = [.. Magic, 1, 0, 0, 0];
        BinaryPrimitives.WriteUInt16LittleEndian(start[8..], (ushort)padded.Length);
        destination.Write(start);
        destination.Write(Encoding.ASCII.GetBytes(padded));
        foreach (var chunk in image.Planes.Chunked())
        {
            destination.Write(MemoryMarshal.AsBytes(chunk.Span));
        }
    }

    /// <summary>Reads what <see cref="Write"/> wrote, or any float32 array with axes C·H·W or H·W.</summary>
    /// <exception cref="ImageFormatException">Another type or shape, damaged, or cut off.</exception>
    public static ImageBuffer Read(Stream source)
    {
        ArgumentNullException.ThrowIfNull(source);
        Span<byte> start = stackalloc byte[10];
        if (source.ReadAtLeast(start, 10, throwOnEndOfStream: false) < 10 || !start.StartsWith(Magic) || start[6] != 1)
        {
            throw new ImageFormatException("This is not a NumPy array file of format 1; save it with numpy.save.");
        }

        var header = new byte[BinaryPrimitives.ReadUInt16LittleEndian(start[8..])];
        if (source.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            throw CutOff();
        }

        var text = Encoding.ASCII.GetString(header);
        var shape = Shape().Match(text);
        if (!shape.Success || !text.Contains("'<f4'", StringComparison.Ordinal) || !text.Contains("'fortran_order': False", StringComparison.Ordinal))
        {
            throw new ImageFormatException("The NumPy array must be float32 in C order with axes C, H, W; convert it with numpy.ascontiguousarray(a, dtype='<f4').");
        }

        var sizes = shape.Groups["size"].Captures.Select(size => long.Parse(size.Value, CultureInfo.InvariantCulture)).ToArray();
        var (channels, height, width) = sizes.Length == 2 ? (1L, sizes[0], sizes[1]) : (sizes[0], sizes[1], sizes[2]);
        if (channels is not (1 or 3))
        {
            throw new ImageFormatException($"The NumPy array has {channels} channels on its first axis; 1 or 3 make an image.");
        }

        ImageLimits.Default.Check("NumPy", width, height);
        var planes = GC.AllocateUninitializedArray<float>((int)(channels * height * width));
        foreach (var chunk in planes.Chunked())
        {
            var bytes = MemoryMarshal.AsBytes(chunk.Span);
            if (source.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false) < bytes.Length)
            {
                throw CutOff();
            }
        }

        return new ImageBuffer((int)channels, (int)height, (int)width, planes);
    }

    private static ImageFormatException CutOff() => new("The NumPy file is cut off; copy it again.");

    // A span of bytes holds at most 2 GB; the largest images have 3 GB.
    private static IEnumerable<Memory<float>> Chunked(this float[] values)
    {
        const int length = 1 << 24;
        for (var i = 0; i < values.Length; i += Math.Min(length, values.Length - i))
        {
            yield return values.AsMemory(i, Math.Min(length, values.Length - i));
        }
    }

    [GeneratedRegex(@"'shape':\s*\((?:(?<size>\d{1,9})(?:,\s*|(?=\)))){2,3}\)")]
    private static partial Regex Shape();
}
