namespace Grainy.Grains.Metrics;

/// <summary>A bounded list of values, the latest asked for at the end.</summary>
[GrainType("score-shard")]
internal sealed class ScoreShardGrain([PersistentState("scores")] IPersistentState<ScoreShardRecord> state) : Grain, IScoreShardGrain
{
    /// <summary>Values of one shard.</summary>
    public const int Most = 256;

    public Task<RememberedScore?[]> FindAsync(string[] keys)
    {
        var found = keys.Select(key => Array.Find(state.State.Scores, score => score.Key == key)).ToArray();
        // The order is stored with the next value; to lose it costs nothing but a worse guess at what will be asked for.
        state.State = new ScoreShardRecord { Scores = [.. state.State.Scores.Except(found)!, .. found.OfType<RememberedScore>().Distinct()] };
        return Task.FromResult(found);
    }

    public Task RememberAsync(RememberedScore[] scores)
    {
        // Of two estimates of the same quantity the one with more samples is worth keeping.
        var fresh = scores.Where(score => Array.Find(state.State.Scores, other => other.Key == score.Key) is not { } known || known.Score.Samples <= score.Score.Samples)
            .DistinctBy(score => score.Key).ToArray();
        var keys = fresh.Select(score => score.Key).ToHashSet();
        state.State = new ScoreShardRecord { Scores = [.. state.State.Scores.Where(score => !keys.Contains(score.Key)).Concat(fresh).TakeLast(Most)] };
        return fresh.Length > 0 ? state.WriteStateAsync() : Task.CompletedTask;
    }
}

/// <summary>What a shard stores.</summary>
internal sealed record ScoreShardRecord
{
    public RememberedScore[] Scores { get; init; } = [];
}
