using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Metrics;

/// <summary>A part of what a workspace has measured already; only the system asks. Its key is <c>{workspace}/{shard}</c>: no workspace sees another's.</summary>
[Alias("grainy.score-shard")]
internal interface IScoreShardGrain : IGrainWithStringKey
{
    /// <summary>What is known under each key, or null; at most 50 keys.</summary>
    [Alias("Find")]
    Task<RememberedScore?[]> FindAsync(string[] keys);

    /// <summary>Keeps values; at most 50. The ones not asked for the longest make room.</summary>
    [Alias("Remember")]
    Task RememberAsync(RememberedScore[] scores);
}

/// <summary>A final value under the key of all that it depends on, except the number of samples and the seed.</summary>
/// <param name="First">Hash of the image that was the reference: a sampling can only go on in the same order.</param>
[GenerateSerializer, Immutable, Alias("grainy.remembered-score.v1")]
internal sealed record RememberedScore([property: Id(0)] string Key, [property: Id(1)] MetricScore Score, [property: Id(2)] BlobRef? Continuation,
    [property: Id(3)] string First = "");
