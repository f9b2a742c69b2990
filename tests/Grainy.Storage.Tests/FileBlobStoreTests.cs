using System.Security.Cryptography;
using System.Text;
using Grainy.Core.Storage;

namespace Grainy.Storage.Tests;

public sealed class FileBlobStoreTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FileBlobStore _store;

    public FileBlobStoreTests() => _store = new FileBlobStore(_folder.Path, TimeProvider.System);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Content_should_come_back_under_its_hash()
    {
        var bytes = Bytes(300_000);

        var blob = await WriteAsync(bytes);

        blob.ShouldBe(new StoredBlob(new BlobId(Convert.ToHexStringLower(SHA256.HashData(bytes))), 300_000));
        (await ReadAsync(blob.Id)).ShouldBe(bytes);
        File.Exists(_folder.File(Path.Combine(blob.Id.Value[..2], blob.Id.Value[2..4], blob.Id.Value))).ShouldBeTrue();
    }

    [Fact]
    public async Task Empty_content_should_be_kept_like_any_other()
    {
        var blob = await WriteAsync([]);

        blob.Length.ShouldBe(0);
        (await ReadAsync(blob.Id)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Content_should_be_stored_once_and_become_young_again_when_it_is_written_again()
    {
        var first = await WriteAsync(Bytes(1000));
        var file = Directory.GetFiles(_folder.Path, first.Id.Value, SearchOption.AllDirectories).ShouldHaveSingleItem();
        File.SetLastWriteTimeUtc(file, new DateTime(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc));

        var second = await WriteAsync(Bytes(1000));

        second.ShouldBe(first);
        Files().ShouldBe([file]);
        File.GetLastWriteTimeUtc(file).Year.ShouldBeGreaterThan(2000);
    }

    [Fact]
    public async Task Content_should_be_whole_when_many_write_the_same_at_once()
    {
        var bytes = Bytes(500_000);

        var blobs = await Task.WhenAll(Enumerable.Range(0, 16).Select(_ => Task.Run(() => WriteAsync(bytes), Cancellation)));

        blobs.Distinct().ShouldHaveSingleItem();
        (await ReadAsync(blobs[0].Id)).ShouldBe(bytes);
        Files().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Nothing_should_stay_when_the_source_breaks_off()
    {
        await Should.ThrowAsync<IOException>(() => _store.WriteAsync(new BreakingStream(), Cancellation));

        Files().ShouldBeEmpty();
    }

    [Fact]
    public async Task Opening_should_fail_clearly_when_there_is_no_such_content()
    {
        var id = new BlobId(new string('a', 64));

        (await _store.ExistsAsync(id, Cancellation)).ShouldBeFalse();
        await Should.ThrowAsync<FileNotFoundException>(() => _store.OpenAsync(id, Cancellation));
    }

    [Fact]
    public async Task Old_temporary_files_should_go_at_the_next_start_and_young_ones_stay()
    {
        var (old, young) = (_folder.File("incoming/old"), _folder.File("incoming/young"));
        await File.WriteAllTextAsync(old, "left by a crash", Cancellation);
        await File.WriteAllTextAsync(young, "an upload in progress", Cancellation);
        File.SetLastWriteTimeUtc(old, TimeProvider.System.GetUtcNow().UtcDateTime.AddDays(-2));

        _ = new FileBlobStore(_folder.Path, TimeProvider.System);

        Files().ShouldBe([young]);
    }

    private string[] Files() => Directory.GetFiles(_folder.Path, "*", SearchOption.AllDirectories);

    private static byte[] Bytes(int count) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, count).Select(i => (char)('a' + (i % 23)))));

    private async Task<StoredBlob> WriteAsync(byte[] bytes)
    {
        using var content = new MemoryStream(bytes);
        return await _store.WriteAsync(content, Cancellation);
    }

    private async Task<byte[]> ReadAsync(BlobId id)
    {
        await using var stream = await _store.OpenAsync(id, Cancellation);
        using var copy = new MemoryStream();
        await stream.CopyToAsync(copy, Cancellation);
        return copy.ToArray();
    }

    private sealed class BreakingStream : MemoryStream
    {
        private bool _read;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (_read)
            {
                throw new IOException("The connection broke.");
            }

            _read = true;
            return ValueTask.FromResult(10);
        }
    }
}
