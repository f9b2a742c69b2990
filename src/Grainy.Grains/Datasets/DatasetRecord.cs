using Grainy.Contracts.Datasets;

namespace Grainy.Grains.Datasets;

/// <summary>What a dataset stores.</summary>
internal sealed record DatasetRecord
{
    public WorkspaceId? Workspace { get; init; }

    public string Name { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    /// <summary>In the order of their names.</summary>
    public ImageInfo[] Images { get; init; } = [];
}
