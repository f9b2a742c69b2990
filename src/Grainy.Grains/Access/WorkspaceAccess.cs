using System.Collections.Concurrent;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;

namespace Grainy.Grains.Access;

/// <summary>Decides what the subject of a call may do in the workspace that owns a resource. Roles are remembered for up to 30 s.</summary>
internal sealed class WorkspaceAccess(IGrainFactory grains, TimeProvider clock)
{
    private const int MostRemembered = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromSeconds(30);
    private readonly ConcurrentDictionary<(WorkspaceId, UserId), (WorkspaceRole Role, long At)> _roles = new();

    /// <summary>Refuses calls that no part of the system makes itself.</summary>
    public static void RequireSystem()
    {
        if (!CallerSubject.Current.IsSystem)
        {
            throw new RefusedException(Refusal.Forbidden, "Only the server itself may do this.");
        }
    }

    /// <summary>Refuses callers below a role.</summary>
    /// <param name="subject">What guests of a session about it may look at; without it guests are refused.</param>
    public async Task RequireAsync(WorkspaceId workspace, WorkspaceRole least, SessionSubject? subject = null)
    {
        var caller = CallerSubject.Current;
        var allowed = caller switch
        {
            { IsSystem: true } => true,
            { User: { } user } => await RoleAsync(workspace, user) >= least,
            { Session: { } session } => subject is not null && least == WorkspaceRole.Viewer && await AdmitsAsync(session, caller.Member, subject),
            _ => false,
        };
        if (!allowed)
        {
            throw new RefusedException(
                Refusal.Forbidden,
                least == WorkspaceRole.Viewer
                    ? "You have no access to this; ask an owner of the workspace to add you."
                    : $"Your role does not allow this; ask an owner of the workspace to make you {(least == WorkspaceRole.Owner ? "an owner" : "an editor")}.");
        }
    }

    /// <summary>The role of a person, or none.</summary>
    public async Task<WorkspaceRole> RoleAsync(WorkspaceId workspace, UserId user)
    {
        var now = clock.GetTimestamp();
        if (_roles.TryGetValue((workspace, user), out var known) && clock.GetElapsedTime(known.At, now) < Memory)
        {
            return known.Role;
        }

        var role = await Caller.AsAsync(Caller.System, () => grains.Workspace(workspace).GetRoleAsync(user));
        if (_roles.Count >= MostRemembered)
        {
            _roles.Clear();
        }

        if (role == WorkspaceRole.None)
        {
            _roles.TryRemove((workspace, user), out _); // who is added in the next moment need not wait
        }
        else
        {
            _roles[(workspace, user)] = (role, now);
        }

        return role;
    }

    private Task<bool> AdmitsAsync(SessionId session, string member, SessionSubject subject) =>
        Caller.AsAsync(Caller.System, () => grains.Session(session).AdmitsAsync(member, subject));
}
