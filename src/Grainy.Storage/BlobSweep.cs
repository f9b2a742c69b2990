using System.Buffers;
using System.Data.Common;
using Grainy.Core.Storage;

namespace Grainy.Storage;

/// <summary>
/// Throws away contents that nothing refers to any more: early stages of blends, results that were replaced, files of images that were removed. Whatever looks like a hash in
/// any stored state counts as a reference, whoever wrote it and whatever it means, so that no kind of state has to be known here.
/// </summary>
/// <param name="blobs">What is swept.</param>
/// <param name="open">Opens the database of grain states; disposed here.</param>
public sealed class BlobSweep(FileBlobStore blobs, Func<DbConnection> open, TimeProvider clock)
{
    private const int HashLength = 64;
    private static readonly SearchValues<byte> Digits = SearchValues.Create("0123456789abcdef"u8);

    /// <summary>Younger contents stay: work in progress may hold them without having stored a reference, and pages may still show what was replaced.</summary>
    public static TimeSpan Grace { get; } = TimeSpan.FromDays(7);

    /// <summary>Sweeps once; reads every state that is stored, so it is no work for a grain's thread.</summary>
    /// <returns>How many contents were thrown away, and their bytes.</returns>
    public (int Contents, long Bytes) Run(CancellationToken cancellationToken)
    {
        var before = clock.GetUtcNow() - Grace;
        // Candidates first: what is written, or written again, after this line is young, and what is old and referred to is found below.
        var old = blobs.WrittenBefore(before).ToDictionary(blob => blob.Id.Value, blob => blob.Length);
        if (old.Count > 0)
        {
            KeepReferenced(old, cancellationToken);
        }

        var (contents, bytes) = (0, 0L);
        foreach (var (hash, length) in old)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (blobs.Delete(new BlobId(hash), before))
            {
                (contents, bytes) = (contents + 1, bytes + length);
            }
        }

        return (contents, bytes);
    }

    private void KeepReferenced(Dictionary<string, long> old, CancellationToken cancellationToken)
    {
        using var connection = open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT payload FROM grain_state WHERE payload IS NOT NULL";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            RemoveHashesIn((byte[])reader[0], old);
        }
    }

    private static void RemoveHashesIn(ReadOnlySpan<byte> payload, Dictionary<string, long> old)
    {
        for (var start = payload.IndexOfAny(Digits); start >= 0;)
        {
            payload = payload[start..];
            var length = payload.IndexOfAnyExcept(Digits);
            length = length < 0 ? payload.Length : length;
            // A longer run of digits may hold a hash anywhere.
            for (var i = 0; i + HashLength <= length; i++)
            {
                old.Remove(System.Text.Encoding.ASCII.GetString(payload.Slice(i, HashLength)));
            }

            payload = payload[length..];
            start = payload.IndexOfAny(Digits);
        }
    }
}
