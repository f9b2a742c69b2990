using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;

namespace Grainy.Contracts.Metrics;

/// <summary>Images side by side, and how far apart they are: a reference and its candidates, or all pairs.</summary>
[Alias("grainy.comparison")]
public interface IComparisonGrain : ILiveTopic, IUserFacing
{
    /// <summary>Makes a comparison of two images by the default metrics and measures it. Refused when the sizes differ. Editors and owners.</summary>
    [Alias("Create")]
    Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right);

    /// <summary>Measures what has no value yet, or failed; the values arrive as cells. The running job while one runs. Editors and owners.</summary>
    [Alias("Score")]
    Task<JobId> ScoreAsync();

    /// <summary>The state now. Members, and guests of a session about this comparison.</summary>
    [Alias("Get")]
    Task<ComparisonSnapshot> GetAsync();

    /// <summary>Takes in values of the first pair; called by the system. Later versions call <see cref="AddCellsAsync"/>.</summary>
    [Alias("AddScores")]
    Task AddScoresAsync(JobId job, MetricScore[] scores);

    /// <summary>
    /// Makes a comparison of several images and measures it. Values that the workspace has of the same contents are there at once. Refused when sizes differ, an
    /// image comes twice, or there are too many (see <see cref="ComparisonPairs"/>). Editors and owners.
    /// </summary>
    [Alias("CreateSet")]
    Task CreateSetAsync(WorkspaceId workspace, ComparisonPlan plan);

    /// <summary>The images in their order; for a reference layout the reference comes first. Members and guests, as <see cref="GetAsync"/>.</summary>
    /// <param name="skip">At the start of the list.</param>
    /// <param name="take">1 to 30.</param>
    [Alias("GetImages")]
    Task<ComparisonImage[]> GetImagesAsync(int skip, int take);

    /// <summary>Cells that changed, in the order of their changes. Members and guests, as <see cref="GetAsync"/>.</summary>
    /// <param name="since">Only cells whose <see cref="ComparisonCell.Revision"/> is larger; 0 for all. Counts within one epoch of the snapshots.</param>
    /// <param name="take">1 to 60, so that an answer stays below 64 KB; a full answer means that there may be more.</param>
    [Alias("GetCells")]
    Task<ComparisonCell[]> GetCellsAsync(long since, int take);

    /// <summary>
    /// Goes on sampling until the ± is about half of what it is. Refused while something is measured, and when no chosen value is an estimate. Editors and owners.
    /// </summary>
    /// <param name="metric">Only this one; null for all.</param>
    /// <param name="pair">Only this one; null for all.</param>
    [Alias("Refine")]
    Task<JobId> RefineAsync(string? metric, int? pair);

    /// <summary>Stops measuring; what is measured stays, and estimates keep the samples that they have. Editors and owners.</summary>
    [Alias("Cancel")]
    Task CancelAsync();

    /// <summary>Takes in values, final ones and ones on their way; called for the job by the system.</summary>
    [Alias("AddCells")]
    Task AddCellsAsync(JobId job, ComparisonCell[] cells);

    /// <summary>The map of a pair by a metric, made or under way; starts to make it where there is none, or where it failed. Editors and owners.</summary>
    [Alias("Map")]
    Task<ComparisonMap> MapAsync(int pair, string metric);

    /// <summary>The map of a pair by a metric, or null where none was asked for. Members and guests, as <see cref="GetAsync"/>.</summary>
    [Alias("GetMap")]
    Task<ComparisonMap?> GetMapAsync(int pair, string metric);

    /// <summary>Takes in a map whose blobs are stored; called for its job by the system.</summary>
    [Alias("AddMap")]
    Task AddMapAsync(ComparisonMap map);
}

/// <summary>Measures two images: what earlier versions asked for. Stored jobs of that kind measure the whole comparison.</summary>
[GenerateSerializer, Immutable, Alias("grainy.score-spec.v1")]
public sealed record ScoreSpec(
    [property: Id(0)] ComparisonId Comparison, [property: Id(1)] ImageRef Left, [property: Id(2)] ImageRef Right, [property: Id(3)] long Seed) : JobSpec;

/// <summary>The measured values of a <see cref="ScoreSpec"/>; empty from later versions, whose values are in the comparison.</summary>
[GenerateSerializer, Immutable, Alias("grainy.score-result.v1")]
public sealed record ScoreResult([property: Id(0)] MetricScore[] Scores) : JobResult;

/// <summary>Measures the cells of a comparison that have no final value.</summary>
/// <param name="Images">All images of the comparison, at most <see cref="ComparisonPairs.MostImages"/>.</param>
[GenerateSerializer, Immutable, Alias("grainy.measure-spec.v1")]
public sealed record MeasureSpec([property: Id(0)] ComparisonId Comparison, [property: Id(1)] ImageRef[] Images) : JobSpec;

/// <summary>How many cells were measured; the values are in the comparison.</summary>
[GenerateSerializer, Immutable, Alias("grainy.measure-result.v1")]
public sealed record MeasureResult([property: Id(0)] int Measured, [property: Id(1)] int Failed) : JobResult;

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
