using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Blending;

/// <summary>What a blend stores.</summary>
internal sealed record BlendRecord
{
    public WorkspaceId? Workspace { get; init; }

    public ImageRef? Left { get; init; }

    public ImageRef? Right { get; init; }

    public ImageInfo? LeftInfo { get; init; }

    public ImageInfo? RightInfo { get; init; }

    public BlendSettings Settings { get; init; } = new();

    /// <summary>By index.</summary>
    public BlendFrame[] Frames { get; init; } = [];

    public JobId? Job { get; init; }

    public JobState? JobState { get; init; }

    public string? Problem { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
