using System.Buffers;
using System.Security.Cryptography;
using Grainy.Core.Storage;

namespace Grainy.Storage;

/// <summary>Contents as files named by their SHA-256 in two levels of folders: <c>ab/cd/abcd…</c>. A write is on the disk when it returns.</summary>
/// <remarks>Temporary file, fsync, rename, fsync of the folder: a crash leaves either the whole content or a temporary file that a later start removes.</remarks>
public sealed class FileBlobStore : IBlobStore
{
    private const int BufferSize = 1 << 17;
    private static readonly TimeSpan TemporaryGrace = TimeSpan.FromHours(24);
    private readonly string _root;
    private readonly string _incoming;
    private readonly TimeProvider _clock;

    // A content must not be thrown away while somebody stores it again.
    private readonly Lock _publishing = new();

    /// <summary>Opens the folder, or creates it, and removes temporary files older than a day.</summary>
    public FileBlobStore(string root, TimeProvider clock)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(root);
        _root = Path.GetFullPath(root);
        _incoming = Path.Combine(_root, "incoming");
        _clock = clock;
        Directory.CreateDirectory(_incoming);
        RemoveOldTemporaries();
    }

    /// <inheritdoc />
    public async Task<StoredBlob> WriteAsync(Stream content, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(content);
        var temporary = Path.Combine(_incoming, Guid.NewGuid().ToString("N"));
        try
        {
            var blob = await WriteTemporaryAsync(content, temporary, cancellationToken);
            await Task.Run(() => Publish(temporary, PathOf(blob.Id)), CancellationToken.None);
            return blob;
        }
        finally
        {
            File.Delete(temporary); // no-op after the rename
        }
    }

    /// <inheritdoc />
    public Task<Stream> OpenAsync(BlobId id, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Task.FromResult<Stream>(new FileStream(
                PathOf(id), FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize, FileOptions.Asynchronous | FileOptions.SequentialScan));
        }
        catch (DirectoryNotFoundException error)
        {
            throw new FileNotFoundException($"There is no stored content {id}.", PathOf(id), error);
        }
    }

    /// <inheritdoc />
    public Task<bool> ExistsAsync(BlobId id, CancellationToken cancellationToken) => Task.FromResult(File.Exists(PathOf(id)));

    /// <summary>Contents that were last written before a time.</summary>
    public IEnumerable<StoredBlob> WrittenBefore(DateTimeOffset time) => Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories)
        .Where(file => Path.GetFileName(file).Length == 64 && File.GetLastWriteTimeUtc(file) < time.UtcDateTime)
        .Select(file => new StoredBlob(new BlobId(Path.GetFileName(file)), new FileInfo(file).Length));

    /// <summary>Throws a content away; false, and nothing happens, if it is gone already or was written again since that time.</summary>
    public bool Delete(BlobId id, DateTimeOffset writtenBefore)
    {
        lock (_publishing)
        {
            var path = PathOf(id);
            if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) >= writtenBefore.UtcDateTime)
            {
                return false;
            }

            File.Delete(path);
            return true;
        }
    }

    private static async Task<StoredBlob> WriteTemporaryAsync(Stream content, string path, CancellationToken cancellationToken)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            var length = 0L;
            await using var file = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0, FileOptions.Asynchronous);
            for (int read; (read = await content.ReadAsync(buffer, cancellationToken)) > 0; length += read)
            {
                hash.AppendData(buffer, 0, read);
                await file.WriteAsync(buffer.AsMemory(0, read), cancellationToken);
            }

            await Task.Run(() => file.Flush(flushToDisk: true), cancellationToken);
            return new StoredBlob(new BlobId(Convert.ToHexStringLower(hash.GetHashAndReset())), length);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Publish(string temporary, string path)
    {
        lock (_publishing)
        {
            if (File.Exists(path))
            {
                File.SetLastWriteTimeUtc(path, _clock.GetUtcNow().UtcDateTime); // young again for whoever sweeps
                return;
            }
        }

        var folder = Path.GetDirectoryName(path)!;
        if (!Directory.Exists(folder))
        {
            Directory.CreateDirectory(folder);
            DurableFolder.Flush(Path.GetDirectoryName(folder)!);
            DurableFolder.Flush(_root);
        }

        File.Move(temporary, path, overwrite: true); // a concurrent writer of the same content wrote the same bytes
        DurableFolder.Flush(folder);
    }

    private string PathOf(BlobId id) => Path.Combine(_root, id.Value[..2], id.Value[2..4], id.Value);

    private void RemoveOldTemporaries()
    {
        var before = (_clock.GetUtcNow() - TemporaryGrace).UtcDateTime;
        foreach (var file in Directory.EnumerateFiles(_incoming).Where(file => File.GetLastWriteTimeUtc(file) < before))
        {
            File.Delete(file);
        }
    }
}
