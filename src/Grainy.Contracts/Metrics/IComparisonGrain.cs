using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;

namespace Grainy.Contracts.Metrics;

/// <summary>Two images side by side, and how far apart they are.</summary>
[Alias("grainy.comparison")]
public interface IComparisonGrain : ILiveTopic, IUserFacing
{
    /// <summary>Makes the comparison. Refused when the sizes differ. Editors and owners.</summary>
    [Alias("Create")]
    Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right);

    /// <summary>Measures (again); the values arrive in the snapshot. Editors and owners.</summary>
    [Alias("Score")]
    Task<JobId> ScoreAsync();

    /// <summary>The state now. Members, and guests of a session about this comparison.</summary>
    [Alias("Get")]
    Task<ComparisonSnapshot> GetAsync();

    /// <summary>Takes in values; called for the score job by the system.</summary>
    [Alias("AddScores")]
    Task AddScoresAsync(JobId job, MetricScore[] scores);
}

/// <summary>Measures two images.</summary>
[GenerateSerializer, Immutable, Alias("grainy.score-spec.v1")]
public sealed record ScoreSpec(
    [property: Id(0)] ComparisonId Comparison, [property: Id(1)] ImageRef Left, [property: Id(2)] ImageRef Right, [property: Id(3)] long Seed) : JobSpec;

/// <summary>The measured values.</summary>
[GenerateSerializer, Immutable, Alias("grainy.score-result.v1")]
public sealed record ScoreResult([property: Id(0)] MetricScore[] Scores) : JobResult;

/// <summary>One value with its doubt.</summary>
/// <param name="Metric">For example <c>psnr</c>, <c>lpips-squeeze</c>, <c>elpips-squeeze</c>, <c>builtin</c>, <c>elpips-builtin</c>.</param>
/// <param name="StandardError">Null for deterministic metrics.</param>
/// <param name="Samples">Random transforms used; 1 for deterministic metrics.</param>
/// <param name="Fingerprint">Family, backbone, weights hash, pooling, range, transforms, n, seed.</param>
/// <param name="Final">False while the value is still being refined.</param>
[GenerateSerializer, Immutable, Alias("grainy.metric-score.v1")]
public sealed record MetricScore(
    [property: Id(0)] string Metric, [property: Id(1)] double Value, [property: Id(2)] double? StandardError, [property: Id(3)] int Samples,
    [property: Id(4)] long Seed, [property: Id(5)] string Fingerprint, [property: Id(6)] bool Final);

/// <summary>All that a page shows of a comparison.</summary>
[GenerateSerializer, Immutable, Alias("grainy.comparison-snapshot.v1")]
public sealed record ComparisonSnapshot : LiveSnapshot
{
    /// <summary>The comparison.</summary>
    [Id(0)]
    public required ComparisonId Id { get; init; }

    /// <summary>Who owns it.</summary>
    [Id(1)]
    public required WorkspaceId Workspace { get; init; }

    /// <summary>Shown on the left of the divider.</summary>
    [Id(2)]
    public required ImageRef Left { get; init; }

    /// <summary>Shown on the right of the divider.</summary>
    [Id(3)]
    public required ImageRef Right { get; init; }

    /// <summary>Facts of the left image.</summary>
    [Id(4)]
    public required ImageInfo LeftInfo { get; init; }

    /// <summary>Facts of the right image.</summary>
    [Id(5)]
    public required ImageInfo RightInfo { get; init; }

    /// <summary>Values so far, in the order in which they are shown.</summary>
    [Id(6)]
    public MetricScore[] Scores { get; init; } = [];

    /// <summary>The score job, if one was ever started; its own topic tells its state.</summary>
    [Id(7)]
    public JobId? Job { get; init; }

    /// <summary>State of that job.</summary>
    [Id(8)]
    public JobState? JobState { get; init; }

    /// <summary>Why scoring failed, for people.</summary>
    [Id(9)]
    public string? Problem { get; init; }
}
