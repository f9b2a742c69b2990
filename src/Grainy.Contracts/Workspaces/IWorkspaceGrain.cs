namespace Grainy.Contracts.Workspaces;

/// <summary>Members and their roles, and the lists of what the workspace owns.</summary>
[Alias("grainy.workspace")]
public interface IWorkspaceGrain : IGrainWithStringKey, IUserFacing
{
    /// <summary>The role of a person here; <see cref="WorkspaceRole.None"/> for strangers. Any subject may ask about itself, the system about all.</summary>
    [Alias("GetRole")]
    Task<WorkspaceRole> GetRoleAsync(UserId user);

    /// <summary>Adds or changes a member. The system may (first start); otherwise owners only.</summary>
    [Alias("SetMember")]
    Task SetMemberAsync(UserId user, WorkspaceRole role);

    /// <summary>Creates an empty dataset. Editors and owners.</summary>
    /// <param name="name">1 to 120 characters.</param>
    [Alias("CreateDataset")]
    Task<DatasetId> CreateDatasetAsync(string name);

    /// <summary>Puts an entry on its list, or replaces the entry with the same id. Called by the grain that owns the thing.</summary>
    [Alias("Register")]
    Task RegisterAsync(WorkspaceEntry entry);

    /// <summary>Takes an entry off its list.</summary>
    [Alias("Unregister")]
    Task UnregisterAsync(EntryKind kind, string id);

    /// <summary>Entries of one kind, newest first. Members.</summary>
    /// <param name="skip">At the start of the list.</param>
    /// <param name="take">1 to 100.</param>
    [Alias("List")]
    Task<WorkspaceEntry[]> ListAsync(EntryKind kind, int skip, int take);
}

/// <summary>What a member may do.</summary>
[GenerateSerializer, Alias("grainy.workspace-role")]
public enum WorkspaceRole
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Look.</summary>
    Viewer = 1,

    /// <summary>Add images, start work, share.</summary>
    Editor = 2,

    /// <summary>All, including members.</summary>
    Owner = 3,
}

/// <summary>The lists of a workspace.</summary>
[GenerateSerializer, Alias("grainy.entry-kind")]
public enum EntryKind
{
    /// <summary>Datasets.</summary>
    Dataset = 0,

    /// <summary>Models.</summary>
    Model = 1,

    /// <summary>Jobs of all kinds.</summary>
    Job = 2,

    /// <summary>Comparisons.</summary>
    Comparison = 3,

    /// <summary>Blends.</summary>
    Blend = 4,

    /// <summary>Live sessions.</summary>
    Session = 5,
}

/// <summary>One line of a list.</summary>
/// <param name="Note">A short second line, for example <c>24 images</c> or the state of a job.</param>
[GenerateSerializer, Immutable, Alias("grainy.workspace-entry.v1")]
public sealed record WorkspaceEntry(
    [property: Id(0)] EntryKind Kind, [property: Id(1)] string Id, [property: Id(2)] string Name, [property: Id(3)] string Note, [property: Id(4)] DateTimeOffset At);
