using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;

namespace Grainy.Grains.Workspaces;

/// <summary>Members and lists. Calls nobody who may call it back while waiting.</summary>
[GrainType("workspace")]
internal sealed class WorkspaceGrain(
    [PersistentState("members")] IPersistentState<MembersRecord> members,
    [PersistentState("entries")] IPersistentState<EntriesRecord> entries,
    TimeProvider clock) : Grain, IWorkspaceGrain
{
    private const int MostEntriesOfAKind = 2000;

    private WorkspaceId Id => new(this.GetPrimaryKeyString());

    public Task<WorkspaceRole> GetRoleAsync(UserId user)
    {
        var caller = CallerSubject.Current;
        return caller.IsSystem || caller.User == user
            ? Task.FromResult(RoleOf(user))
            : throw new RefusedException(Refusal.Forbidden, "Only people themselves may ask for their role.");
    }

    public async Task SetMemberAsync(UserId user, WorkspaceRole role)
    {
        Require(WorkspaceRole.Owner);
        if (string.IsNullOrWhiteSpace(user.Value) || !Enum.IsDefined(role))
        {
            throw new RefusedException(Refusal.Invalid, "A member needs an account and one of the roles viewer, editor or owner.");
        }

        var changed = new Dictionary<string, WorkspaceRole>(members.State.Members) { [user.Value] = role };
        if (members.State.Members.ContainsValue(WorkspaceRole.Owner) && !changed.ContainsValue(WorkspaceRole.Owner))
        {
            throw new RefusedException(Refusal.Conflict, "A workspace needs an owner; make somebody else an owner first.");
        }

        if (role == WorkspaceRole.None)
        {
            changed.Remove(user.Value);
        }

        members.State = new MembersRecord { Members = changed };
        await members.WriteStateAsync();
    }

    public async Task<DatasetId> CreateDatasetAsync(string name)
    {
        Require(WorkspaceRole.Editor);
        name = Names.Checked(name);
        var id = DatasetId.New();
        await Caller.AsAsync(Caller.System, () => GrainFactory.Dataset(id).CreateAsync(Id, name));
        await PutAsync(new WorkspaceEntry(EntryKind.Dataset, id.Value, name, "0 images", clock.GetUtcNow()));
        return id;
    }

    public Task RegisterAsync(WorkspaceEntry entry)
    {
        WorkspaceAccess.RequireSystem();
        return PutAsync(entry);
    }

    public async Task UnregisterAsync(EntryKind kind, string id)
    {
        WorkspaceAccess.RequireSystem();
        entries.State = new EntriesRecord { Entries = [.. entries.State.Entries.Where(entry => !(entry.Kind == kind && entry.Id == id))] };
        await entries.WriteStateAsync();
    }

    public Task<WorkspaceEntry[]> ListAsync(EntryKind kind, int skip, int take)
    {
        Require(WorkspaceRole.Viewer);
        return skip >= 0 && take is >= 1 and <= 100
            ? Task.FromResult(entries.State.Entries.Where(entry => entry.Kind == kind).OrderByDescending(entry => entry.At).Skip(skip).Take(take).ToArray())
            : throw new RefusedException(Refusal.Invalid, "A page of a list has 1 to 100 entries and starts at 0 or later.");
    }

    private WorkspaceRole RoleOf(UserId user) => members.State.Members.GetValueOrDefault(user.Value, WorkspaceRole.None);

    private void Require(WorkspaceRole least)
    {
        var caller = CallerSubject.Current;
        if (!caller.IsSystem && (caller.User is not { } user || RoleOf(user) < least))
        {
            throw new RefusedException(Refusal.Forbidden, $"This needs the role {least.ToString().ToLowerInvariant()}; ask an owner of the workspace.");
        }
    }

    // The time of the first registration stays, so that a list keeps its order while notes change.
    private async Task PutAsync(WorkspaceEntry entry)
    {
        var before = entries.State.Entries.FirstOrDefault(other => other.Kind == entry.Kind && other.Id == entry.Id);
        if (before is not null)
        {
            entry = entry with { At = before.At };
        }

        if (entry == before)
        {
            return;
        }

        var others = entries.State.Entries.Where(other => !(other.Kind == entry.Kind && other.Id == entry.Id));
        var surplus = entries.State.Entries.Count(other => other.Kind == entry.Kind) - MostEntriesOfAKind;
        if (before is null && surplus >= 0 && entry.Kind == EntryKind.Job)
        {
            others = others.Except(entries.State.Entries.Where(other => other.Kind == EntryKind.Job).OrderBy(other => other.At).Take(surplus + 1));
        }

        entries.State = new EntriesRecord { Entries = [.. others, entry] };
        await entries.WriteStateAsync();
    }
}
