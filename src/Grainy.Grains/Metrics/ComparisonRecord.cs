using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Metrics;

/// <summary>What a comparison stores.</summary>
internal sealed record ComparisonRecord
{
    public WorkspaceId? Workspace { get; init; }

    public ImageRef? Left { get; init; }

    public ImageRef? Right { get; init; }

    public ImageInfo? LeftInfo { get; init; }

    public ImageInfo? RightInfo { get; init; }

    public MetricScore[] Scores { get; init; } = [];

    public JobId? Job { get; init; }

    public JobState? JobState { get; init; }

    public string? Problem { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
