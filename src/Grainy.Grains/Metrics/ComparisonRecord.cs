using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Storage;

namespace Grainy.Grains.Metrics;

/// <summary>What a comparison stores. Schema 1 knew two images and no cells.</summary>
[StateSchema(2)]
internal sealed record ComparisonRecord
{
    public WorkspaceId? Workspace { get; init; }

    public ComparisonLayout Layout { get; init; }

    public ComparisonImage[] Images { get; init; } = [];

    public string[] Metrics { get; init; } = [];

    /// <summary>Pair by pair, each in the order of the metrics.</summary>
    public ComparisonCell[] Cells { get; init; } = [];

    /// <summary>The newest last.</summary>
    public ComparisonMap[] Maps { get; init; } = [];

    /// <summary>The largest revision of a cell.</summary>
    public long Revision { get; init; }

    public JobId? Job { get; init; }

    public JobState? JobState { get; init; }

    public string? Problem { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>Schema 1; only read.</summary>
    public ImageRef? Left { get; init; }

    /// <summary>Schema 1; only read.</summary>
    public ImageRef? Right { get; init; }

    /// <summary>Schema 1; only read.</summary>
    public ImageInfo? LeftInfo { get; init; }

    /// <summary>Schema 1; only read.</summary>
    public ImageInfo? RightInfo { get; init; }

    /// <summary>Schema 1; only read.</summary>
    public MetricScore[]? Scores { get; init; }

    /// <summary>A record as this version knows it: two images become a pair with one cell for each value.</summary>
    public ComparisonRecord Upgraded(IReadOnlyList<string> defaults)
    {
        if (Left is null || Right is null || LeftInfo is null || RightInfo is null || Images.Length > 0)
        {
            return this;
        }

        var scores = (Scores ?? []).ToDictionary(score => score.Metric);
        var metrics = scores.Count > 0 ? scores.Keys.ToArray() : [.. defaults];
        var cells = metrics.Select((metric, index) => new ComparisonCell
        {
            Pair = 0,
            Metric = metric,
            State = scores.ContainsKey(metric) ? CellState.Done : CellState.Waiting,
            Score = scores.GetValueOrDefault(metric),
            Revision = index + 1,
        });
        return this with
        {
            Images = [new(Left, LeftInfo), new(Right, RightInfo)],
            Metrics = metrics,
            Cells = [.. cells],
            Revision = metrics.Length,
            Left = null,
            Right = null,
            LeftInfo = null,
            RightInfo = null,
            Scores = null,
        };
    }
}
