using Grainy.Contracts.Workspaces;

namespace Grainy.Grains.Workspaces;

/// <summary>Who belongs to a workspace, by user id.</summary>
internal sealed record MembersRecord
{
    public Dictionary<string, WorkspaceRole> Members { get; init; } = [];
}

/// <summary>What a workspace owns; stored apart from the members, because it changes often.</summary>
internal sealed record EntriesRecord
{
    public WorkspaceEntry[] Entries { get; init; } = [];
}
