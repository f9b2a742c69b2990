using Grainy.Contracts;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;

namespace Grainy.Web.Shared;

/// <summary>A list of the workspace, newest first, page by page.</summary>
public sealed class EntryPages(UserGrains grains, EntryKind kind)
{
    private const int PageSize = 100;

    /// <summary>What was read so far; null before the first page.</summary>
    public List<WorkspaceEntry>? Entries { get; private set; }

    /// <summary>True while there may be older ones.</summary>
    public bool HasMore { get; private set; }

    /// <summary>Reads the next page.</summary>
    public async Task MoreAsync()
    {
        var page = await ReadAsync(grains, kind, Entries?.Count ?? 0);
        Entries ??= [];
        Entries.AddRange(page.Where(entry => Entries.TrueForAll(known => known.Id != entry.Id))); // new ones push old ones to the next page
        HasMore = page.Length == PageSize;
    }

    /// <summary>All entries of a kind, for choosing among them.</summary>
    public static async Task<WorkspaceEntry[]> AllAsync(UserGrains grains, EntryKind kind)
    {
        var pages = new EntryPages(grains, kind);
        do
        {
            await pages.MoreAsync();
        }
        while (pages.HasMore);
        return [.. pages.Entries!];
    }

    private static Task<WorkspaceEntry[]> ReadAsync(UserGrains grains, EntryKind kind, int skip) =>
        grains.AskAsync(g => g.Workspace(WorkspaceId.Main).ListAsync(kind, skip, PageSize));
}
