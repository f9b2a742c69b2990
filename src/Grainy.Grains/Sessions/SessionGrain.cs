using System.Security.Cryptography;
using Grainy.Contracts.Live;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Sessions;

/// <summary>A live room: who is here and the values that all see alike. Moves are broadcast at most 20 times a second and stored when they rest.</summary>
[GrainType("session")]
internal sealed class SessionGrain : Grain, ISessionGrain
{
    private const int MostEntrants = 500;
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(5);
    private static readonly string[] Fields = ["divider", "blend"];

    // Twelve hues that can be told apart on light and dark ground.
    private static readonly string[] Colours =
    [
        "#1e88e5", "#e53935", "#43a047", "#fb8c00", "#8e24aa", "#00897b", "#d81b60", "#6d4c41", "#3949ab", "#7cb342", "#f4511e", "#00acc1",
    ];

    private readonly IPersistentState<SessionRecord> _state;
    private readonly WorkspaceAccess _access;
    private readonly TimeProvider _clock;
    private readonly LiveTopic _live;
    private readonly Presence _presence;
    private IGrainTimer? _saveWhenQuiet;
    private bool _unsaved;
    private bool _wasOver;

    public SessionGrain(
        [PersistentState("session")] IPersistentState<SessionRecord> state, WorkspaceAccess access, TimeProvider clock, ILogger<SessionGrain> logger)
    {
        (_state, _access, _clock, _presence) = (state, access, clock, new Presence(clock));
        _live = new LiveTopic(this, Build, TimeSpan.FromMilliseconds(50), clock, logger);
    }

    private SessionId Id => new(this.GetPrimaryKeyString());

    private SessionRecord Room => _state.State;

    private bool Over => Room.Closed || Room.ExpiresAt <= _clock.GetUtcNow();

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions(SweepPeriod, SweepPeriod));
        _saveWhenQuiet = this.RegisterGrainTimer(SaveUnsavedAsync, new GrainTimerCreationOptions(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan));
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => SaveUnsavedAsync(cancellationToken);

    public async Task<string> OpenAsync(WorkspaceId workspace, SessionSubject subject, TimeSpan lifetime)
    {
        ArgumentNullException.ThrowIfNull(subject);
        await _access.RequireAsync(workspace, WorkspaceRole.Editor);
        if (Room.Workspace is not null)
        {
            throw new RefusedException(Refusal.Conflict, "This session is open already; share its link or open a new one.");
        }

        if (lifetime < TimeSpan.FromMinutes(1) || lifetime > TimeSpan.FromDays(30))
        {
            throw new RefusedException(Refusal.Invalid, "A session lasts 1 minute to 30 days; choose a time in between.");
        }

        var title = await TitleOfAsync(workspace, subject);
        var (secret, hash) = SessionSecret.New();
        var now = _clock.GetUtcNow();
        await SaveAsync(new SessionRecord { Workspace = workspace, Subject = subject, SecretHash = hash, CreatedAt = now, ExpiresAt = now + lifetime });
        await RegisterAsync(title, $"open until {Room.ExpiresAt:yyyy-MM-dd HH:mm} UTC");
        return secret;
    }

    public async Task<SessionMember> JoinAsync(string? secret, string name)
    {
        var guest = await IsGuestAsync(secret);
        RequireOpen();
        if (Room.Entrants.Length >= MostEntrants)
        {
            throw new RefusedException(Refusal.Conflict, $"The session has had {MostEntrants} visitors, the most it takes; open a new one.");
        }

        var id = (guest ? "g-" : "u-") + RandomNumberGenerator.GetHexString(20, lowercase: true);
        var member = new SessionMember(id, Names.Checked(name, 40), FreeColour(), guest);
        _presence.Heard(id);
        await SaveAsync(Room with { Entrants = [.. Room.Entrants, new Entrant(member, guest ? Caller.Guest(Id, id) : Caller.Current!)] });
        return member;
    }

    public Task HeartbeatAsync(string member)
    {
        RequireMember(member);
        if (_presence.Heard(member))
        {
            _live.Changed();
        }

        return Task.CompletedTask;
    }

    public Task LeaveAsync(string member)
    {
        RequireMember(member);
        if (_presence.Left(member))
        {
            _live.Changed();
        }

        return Task.CompletedTask;
    }

    public Task MoveAsync(string member, string field, double value, long sequence) => MoveManyAsync(member, field, [value], sequence);

    public Task MoveManyAsync(string member, string field, double[] values, long sequence)
    {
        RequireMember(member);
        if (!Fields.Contains(field) || values is not { Length: >= 1 and <= 4 } || !Array.TrueForAll(values, double.IsFinite))
        {
            throw new RefusedException(Refusal.Invalid, "A session shares 'divider' and 'blend', each as one to four numbers from 0 to 1.");
        }

        _presence.Heard(member);
        if (_presence.IsNewer(member, sequence))
        {
            var clamped = Array.ConvertAll(values, value => Math.Clamp(value, 0, 1));
            var moved = new SharedValue(field, clamped[0], member, sequence, clamped.Length > 1 ? clamped : null);
            _state.State = Room with { Values = [.. Room.Values.Where(other => other.Field != field), moved] };
            _unsaved = true;
            _saveWhenQuiet!.Change(Quiet, Timeout.InfiniteTimeSpan); // each move starts the wait anew
            _live.Changed();
        }

        return Task.CompletedTask;
    }

    public async Task CloseAsync()
    {
        await _access.RequireAsync(RequireRoom(), WorkspaceRole.Editor);
        if (!Room.Closed)
        {
            await SaveAsync(Room with { Closed = true });
            await RegisterAsync(await TitleOfAsync(Room.Workspace!.Value, Room.Subject!), "closed");
        }
    }

    public async Task<SessionSnapshot> GetAsync()
    {
        await RequireViewerAsync();
        return (SessionSnapshot)_live.Snapshot();
    }

    public Task<bool> AdmitsAsync(string member, SessionSubject subject)
    {
        WorkspaceAccess.RequireSystem();
        return Task.FromResult(Room.Workspace is not null && !Over && Room.Subject == subject && Room.Entrants.Any(entrant => entrant.Member.Id == member));
    }

    public async Task<LiveSnapshot> WatchAsync(ILiveObserver observer)
    {
        await RequireViewerAsync();
        return _live.Watch(observer);
    }

    public async Task UnwatchAsync(ILiveObserver observer)
    {
        await RequireViewerAsync();
        _live.Unwatch(observer);
    }

    private async Task<bool> IsGuestAsync(string? secret)
    {
        var workspace = RequireRoom();
        if (secret is not null)
        {
            return SessionSecret.Matches(secret, Room.SecretHash)
                ? CallerSubject.Current.User is not { } user || await _access.RoleAsync(workspace, user) < WorkspaceRole.Viewer
                : throw new RefusedException(Refusal.Forbidden, "This link does not open the session; ask for a new one.");
        }

        await _access.RequireAsync(workspace, WorkspaceRole.Viewer);
        return false;
    }

    private WorkspaceId RequireRoom() =>
        Room.Workspace ?? throw new RefusedException(Refusal.NotFound, "This session does not exist (any more); ask for a new link.");

    private void RequireOpen()
    {
        if (Over)
        {
            throw new RefusedException(Refusal.Conflict, "This session has ended; ask for a new link.");
        }
    }

    private void RequireMember(string member)
    {
        RequireRoom();
        if (!Room.Entrants.Any(entrant => entrant.Member.Id == member && entrant.Caller == Caller.Current))
        {
            throw new RefusedException(Refusal.Forbidden, "You have not entered this session; open its link again.");
        }

        RequireOpen();
    }

    private async Task RequireViewerAsync()
    {
        var workspace = RequireRoom();
        if (CallerSubject.Current.Session != Id || !Room.Entrants.Any(entrant => entrant.Caller == Caller.Current))
        {
            await _access.RequireAsync(workspace, WorkspaceRole.Viewer);
        }
    }

    private async Task<string> TitleOfAsync(WorkspaceId workspace, SessionSubject subject)
    {
        var (owner, title) = await Caller.AsAsync(Caller.System, async () =>
        {
            if (subject.Kind == SubjectKind.Comparison)
            {
                var comparison = await GrainFactory.Comparison(new ComparisonId(subject.Id)).GetAsync();
                return (comparison.Workspace, $"{comparison.LeftInfo.Name} and {comparison.RightInfo.Name}");
            }

            var blend = await GrainFactory.Blend(new BlendId(subject.Id)).GetAsync();
            return (blend.Workspace, $"{blend.LeftInfo.Name} to {blend.RightInfo.Name}");
        });
        return owner == workspace ? title : throw new RefusedException(Refusal.NotFound, "What you want to share does not exist in this workspace; choose it from its list.");
    }

    private string FreeColour()
    {
        var here = Room.Entrants.Where(entrant => _presence.IsHere(entrant.Member.Id)).Select(entrant => entrant.Member.Colour).ToArray();
        return Colours.MinBy(colour => here.Count(taken => taken == colour))!;
    }

    private SessionSnapshot Build() => new()
    {
        Id = Id,
        Workspace = Room.Workspace!.Value,
        Subject = Room.Subject!,
        Members = [.. Room.Entrants.Select(entrant => entrant.Member).Where(member => _presence.IsHere(member.Id))],
        Values = Room.Values,
        ExpiresAt = Room.ExpiresAt,
        Closed = Over,
    };

    private Task RegisterAsync(string title, string note)
    {
        var entry = new WorkspaceEntry(EntryKind.Session, Id.Value, title, note, Room.CreatedAt);
        return Caller.AsAsync(Caller.System, () => GrainFactory.Workspace(Room.Workspace!.Value).RegisterAsync(entry));
    }

    private Task SweepAsync(CancellationToken cancellationToken)
    {
        var over = Over;
        if (_presence.Sweep() || over != _wasOver)
        {
            _wasOver = over;
            _live.Changed();
        }

        return Task.CompletedTask;
    }

    private Task SaveUnsavedAsync(CancellationToken cancellationToken) => _unsaved ? SaveAsync(Room) : Task.CompletedTask;

    private Task SaveAsync(SessionRecord room)
    {
        _state.State = room;
        _unsaved = false;
        _live.Changed();
        return _state.WriteStateAsync();
    }
}
