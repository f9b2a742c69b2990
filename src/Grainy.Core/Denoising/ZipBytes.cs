using System.IO.Compression;

namespace Grainy.Core.Denoising;

/// <summary>Small zip files held in memory: equal content gives equal bytes, and nothing is inflated beyond a limit.</summary>
internal static class ZipBytes
{
    // The earliest date a zip can hold: files carry no trace of when they were written.
    private static readonly DateTimeOffset NoDate = new(1980, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static void Write(Stream destination, IReadOnlyList<(string Name, byte[] Content)> entries)
    {
        using var zip = new ZipArchive(destination, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (name, content) in entries)
        {
            var entry = zip.CreateEntry(name, CompressionLevel.Fastest);
            entry.LastWriteTime = NoDate;
            using var stream = entry.Open();
            stream.Write(content);
        }
    }

    /// <summary>All entries by name.</summary>
    /// <param name="what">What the file should be, for the error.</param>
    /// <exception cref="DenoiserFormatException">No zip, damaged, or an entry larger than <paramref name="largest"/>.</exception>
    public static ZipEntries Read(Stream source, int largest, string what)
    {
        try
        {
            using var zip = new ZipArchive(source, ZipArchiveMode.Read, leaveOpen: true);
            return new ZipEntries(what, zip.Entries.Take(16).ToDictionary(entry => entry.FullName, entry => Inflate(entry, largest, what), StringComparer.Ordinal));
        }
        catch (Exception damaged) when (damaged is InvalidDataException or EndOfStreamException or ArgumentException or NotSupportedException)
        {
            throw new DenoiserFormatException($"This is no {what} file, or it is truncated; fetch or train it again.", damaged);
        }
    }

    private static byte[] Inflate(ZipArchiveEntry entry, int largest, string what)
    {
        if (entry.Length > largest)
        {
            throw new DenoiserFormatException(
                $"'{entry.Name}' in this {what} file claims {entry.Length} bytes, more than any real one has; fetch or train it again.");
        }

        var content = new byte[entry.Length];
        using var stream = entry.Open();
        stream.ReadExactly(content);
        return content;
    }
}

/// <summary>What a zip held.</summary>
internal sealed record ZipEntries(string What, IReadOnlyDictionary<string, byte[]> ByName)
{
    public byte[] Required(string name) =>
        ByName.TryGetValue(name, out var content) ? content : throw new DenoiserFormatException($"This {What} file lacks '{name}'; fetch or train it again.");
}
