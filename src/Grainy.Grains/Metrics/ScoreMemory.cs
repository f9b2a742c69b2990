using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Metrics;

/// <summary>
/// Values that a workspace has measured before, found by the contents of both images and by all that the metric is made of, whichever comparison they come from.
/// All metrics on offer are symmetric, so the order of the images does not count.
/// </summary>
internal sealed class ScoreMemory(IGrainFactory grains, MetricIdentity identity)
{
    private const int Shards = 32;
    private const int AtOnce = 50;

    /// <summary>The record with all values that are known already.</summary>
    public async Task<ComparisonRecord> FillAsync(ComparisonRecord record)
    {
        var keys = new Dictionary<(int, string), string>();
        foreach (var cell in record.Cells.Where(cell => cell.IsMissing))
        {
            if (await KeyAsync(record, cell) is { } key)
            {
                keys[(cell.Pair, cell.Metric)] = key;
            }
        }

        var known = await FindAsync(record.Workspace!.Value, [.. keys.Values.Distinct()]);
        return record.Change(cell => keys.TryGetValue((cell.Pair, cell.Metric), out var key) && known.TryGetValue(key, out var found)
            ? cell with
            {
                State = CellState.Done,
                Score = found.Score,
                Continuation = found.First == ContentsOf(record, cell).First ? found.Continuation : null,
                Remembered = true,
            }
            : null);
    }

    /// <summary>Keeps final values for other comparisons of this workspace, each with the hashes of the two contents that it is about.</summary>
    public async Task RememberAsync(WorkspaceId workspace, IEnumerable<(string First, string Second, MetricScore Score, BlobRef? Continuation)> values)
    {
        var fresh = new List<RememberedScore>();
        foreach (var (first, second, score, continuation) in values.Where(value => value.Score.Final))
        {
            if (await identity.OfAsync(score.Metric) is { } metric)
            {
                fresh.Add(new RememberedScore(Key(first, second, metric), score, continuation, first));
            }
        }

        await EachShardAsync(workspace, fresh, score => score.Key, (shard, scores) => shard.RememberAsync(scores));
    }

    private async Task<Dictionary<string, RememberedScore>> FindAsync(WorkspaceId workspace, IReadOnlyList<string> keys)
    {
        var found = new Dictionary<string, RememberedScore>();
        await EachShardAsync(workspace, keys, key => key, async (shard, asked) =>
        {
            foreach (var score in (await shard.FindAsync(asked)).OfType<RememberedScore>())
            {
                found[score.Key] = score;
            }
        });
        return found;
    }

    private async Task EachShardAsync<T>(WorkspaceId workspace, IReadOnlyList<T> items, Func<T, string> keyOf, Func<IScoreShardGrain, T[], Task> call)
    {
        foreach (var shard in items.GroupBy(item => int.Parse(keyOf(item).AsSpan(0, 2), NumberStyles.HexNumber, CultureInfo.InvariantCulture) % Shards))
        {
            foreach (var some in shard.Chunk(AtOnce))
            {
                await Caller.AsAsync(Caller.System, () => call(grains.GetGrain<IScoreShardGrain>($"{workspace}/{shard.Key:x2}"), some));
            }
        }
    }

    private async Task<string?> KeyAsync(ComparisonRecord record, ComparisonCell cell)
    {
        var (first, second) = ContentsOf(record, cell);
        return await identity.OfAsync(cell.Metric) is { } metric ? Key(first, second, metric) : null;
    }

    private static (string First, string Second) ContentsOf(ComparisonRecord record, ComparisonCell cell)
    {
        var (first, second) = ComparisonPairs.Of(record.Layout, record.Images.Length)[cell.Pair];
        return (record.Images[first].Info.Pixels.Sha256, record.Images[second].Info.Pixels.Sha256);
    }

    private static string Key(string first, string second, string metric)
    {
        var (low, high) = string.CompareOrdinal(first, second) < 0 ? (first, second) : (second, first);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{low}/{high}/{metric}")).AsSpan(0, 16));
    }
}
