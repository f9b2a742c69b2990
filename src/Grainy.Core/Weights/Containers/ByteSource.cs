namespace Grainy.Core.Weights.Containers;

/// <summary>The bytes of a file of weights, read piece by piece: a checkpoint of half a gigabyte must not lie in memory whole.</summary>
internal abstract class ByteSource(string name) : IDisposable
{
    /// <summary>What errors call it.</summary>
    public string Name => name;

    public abstract long Length { get; }

    /// <summary>Copies as many bytes as <paramref name="destination"/> takes, from <paramref name="position"/> on.</summary>
    /// <exception cref="WeightFormatException">They reach beyond the end.</exception>
    public void Read(long position, Span<byte> destination)
    {
        if (position < 0 || position > Length - destination.Length)
        {
            throw new WeightFormatException($"'{name}' is truncated: it ends before its content does; fetch it again.");
        }

        Copy(position, destination);
    }

    public byte[] Read(long position, int count)
    {
        if (count > Length - position)
        {
            throw new WeightFormatException($"'{name}' is truncated: it ends before its content does; fetch it again.");
        }

        var bytes = new byte[count];
        Read(position, bytes);
        return bytes;
    }

    public abstract void Dispose();

    protected abstract void Copy(long position, Span<byte> destination);
}

/// <summary>Bytes that are in memory already.</summary>
internal sealed class MemorySource(ReadOnlyMemory<byte> bytes, string name) : ByteSource(name)
{
    public override long Length => bytes.Length;

    public override void Dispose()
    {
    }

    protected override void Copy(long position, Span<byte> destination) => bytes.Span.Slice((int)position, destination.Length).CopyTo(destination);
}

/// <summary>A file that stays open, so that what is hashed is what is read; others may read it meanwhile, but not write.</summary>
internal sealed class FileSource(string path) : ByteSource(path)
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 1);

    public override long Length => _file.CanSeek ? _file.Length : throw new WeightFormatException($"'{Name}' is no file but a pipe or a device; give a file.");

    public override void Dispose() => _file.Dispose();

    protected override void Copy(long position, Span<byte> destination)
    {
        for (var done = 0; done < destination.Length;)
        {
            var read = RandomAccess.Read(_file.SafeFileHandle, destination[done..], position + done);
            done += read > 0 ? read : throw new WeightFormatException($"'{Name}' became shorter while it was read; fetch it again.");
        }
    }
}
