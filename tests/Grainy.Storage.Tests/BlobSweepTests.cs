using System.Text;
using Grainy.Core.Storage;

namespace Grainy.Storage.Tests;

public sealed class BlobSweepTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Sweep_should_throw_away_what_is_old_and_referred_to_nowhere_also_after_a_restart()
    {
        using var first = new StorageProbe(_folder.File("grainy.db"));
        var (kept, replaced, young) = (await WriteAsync("kept"), await WriteAsync("replaced"), await WriteAsync("young"));
        var (grain, other) = (StorageProbe.Grain("blend", "one"), StorageProbe.Grain("blend", "two"));
        var state = await first.ReadAsync(grain);
        await first.WriteAsync(grain, state, $"shows {replaced}");
        await first.WriteAsync(other, await first.ReadAsync(other), $"{{\"sha256\":\"{kept}\"}}");
        Age(kept, replaced);

        var before = Sweep();
        await first.WriteAsync(grain, state, "shows nothing");
        using var second = new StorageProbe(_folder.File("grainy.db"));
        var after = Sweep();

        before.ShouldBe((0, 0L));
        after.ShouldBe((1, "replaced".Length));
        (await ThereAsync(kept), await ThereAsync(replaced), await ThereAsync(young)).ShouldBe((true, false, true));
        Sweep().ShouldBe((0, 0L));
    }

    [Fact]
    public async Task Sweep_should_find_a_hash_within_other_digits_and_across_grains_of_any_name()
    {
        using var probe = new StorageProbe(_folder.File("grainy.db"), service: "another");
        var (inside, last) = (await WriteAsync("inside"), await WriteAsync("last"));
        var grain = StorageProbe.Grain("note", "one");
        await probe.WriteAsync(grain, await probe.ReadAsync(grain, "elsewhere"), $"deadbeef{inside}0123 {last}", "elsewhere");
        Age(inside, last);

        Sweep().Contents.ShouldBe(0);
        (await ThereAsync(inside), await ThereAsync(last)).ShouldBe((true, true));
    }

    [Fact]
    public async Task Content_that_is_stored_again_should_not_be_thrown_away_by_a_sweep_under_way()
    {
        var blob = await WriteAsync("again");
        Age(blob);
        var store = Store();
        var before = TimeProvider.System.GetUtcNow() - BlobSweep.Grace;
        store.WrittenBefore(before).Single().Id.ShouldBe(blob);

        await WriteAsync("again");

        store.Delete(blob, before).ShouldBeFalse();
        (await ThereAsync(blob)).ShouldBeTrue();
    }

    private FileBlobStore Store() => new(_folder.File("blobs"), TimeProvider.System);

    private (int Contents, long Bytes) Sweep() =>
        new BlobSweep(Store(), new SqliteDatabase(_folder.File("grainy.db")).Open, TimeProvider.System).Run(Cancellation);

    private async Task<BlobId> WriteAsync(string text) => (await Store().WriteAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), Cancellation)).Id;

    private Task<bool> ThereAsync(BlobId blob) => Store().ExistsAsync(blob, Cancellation);

    private void Age(params BlobId[] blobs)
    {
        foreach (var blob in blobs)
        {
            File.SetLastWriteTimeUtc(
                _folder.File(Path.Combine("blobs", blob.Value[..2], blob.Value[2..4], blob.Value)), TimeProvider.System.GetUtcNow().UtcDateTime - BlobSweep.Grace - TimeSpan.FromHours(1));
        }
    }
}
