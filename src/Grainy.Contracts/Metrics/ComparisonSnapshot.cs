using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;

namespace Grainy.Contracts.Metrics;

/// <summary>What a page shows of a comparison, apart from the list of its images and its cells: these are read in pages.</summary>
[GenerateSerializer, Immutable, Alias("grainy.comparison-snapshot.v1")]
public sealed record ComparisonSnapshot : LiveSnapshot
{
    /// <summary>The comparison.</summary>
    [Id(0)]
    public required ComparisonId Id { get; init; }

    /// <summary>Who owns it.</summary>
    [Id(1)]
    public required WorkspaceId Workspace { get; init; }

    /// <summary>Shown on the left of the divider: the first image.</summary>
    [Id(2)]
    public required ImageRef Left { get; init; }

    /// <summary>Shown on the right of the divider: the second image.</summary>
    [Id(3)]
    public required ImageRef Right { get; init; }

    /// <summary>Facts of the left image.</summary>
    [Id(4)]
    public required ImageInfo LeftInfo { get; init; }

    /// <summary>Facts of the right image.</summary>
    [Id(5)]
    public required ImageInfo RightInfo { get; init; }

    /// <summary>Values of the first pair so far, in the order in which they are shown.</summary>
    [Id(6)]
    public MetricScore[] Scores { get; init; } = [];

    /// <summary>The last job that measured, if one was ever started; its own topic tells its state.</summary>
    [Id(7)]
    public JobId? Job { get; init; }

    /// <summary>State of that job.</summary>
    [Id(8)]
    public JobState? JobState { get; init; }

    /// <summary>Why measuring failed, for people.</summary>
    [Id(9)]
    public string? Problem { get; init; }

    /// <summary>Which pairs are measured.</summary>
    [Id(10)]
    public ComparisonLayout Layout { get; init; }

    /// <summary>Number of images.</summary>
    [Id(11)]
    public int Images { get; init; } = 2;

    /// <summary>Names of the metrics, in the order in which they are shown.</summary>
    [Id(12)]
    public string[] Metrics { get; init; } = [];

    /// <summary>Number of cells: pairs times metrics.</summary>
    [Id(13)]
    public int Cells { get; init; }

    /// <summary>Cells that have a final value or cannot have one.</summary>
    [Id(14)]
    public int CellsSettled { get; init; }

    /// <summary>The largest revision of a cell; one that is larger than what a reader has says that there are cells to read.</summary>
    [Id(15)]
    public long Revision { get; init; }

    /// <summary>How far the job is; null before its first report.</summary>
    [Id(16)]
    public JobProgress? Progress { get; init; }

    /// <summary>For people.</summary>
    [Id(17)]
    public string Title { get; init; } = "";

    /// <summary>Maps that were asked for, and how far they are.</summary>
    [Id(18)]
    public MapStatus[] Maps { get; init; } = [];
}
