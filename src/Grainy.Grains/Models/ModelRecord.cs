using Grainy.Contracts.Training;

namespace Grainy.Grains.Models;

/// <summary>What a model stores.</summary>
internal sealed record ModelRecord
{
    public WorkspaceId? Workspace { get; init; }

    public string Name { get; init; } = "";

    public TrainSpec? Spec { get; init; }

    public JobId Job { get; init; }

    public BlobRef? Weights { get; init; }

    public long Steps { get; init; }

    public DateTimeOffset CreatedAt { get; init; }
}
