using Grainy.Contracts.Live;

namespace Grainy.Contracts.Sessions;

/// <summary>A live room about a comparison or a blend.</summary>
[Alias("grainy.session")]
public interface ISessionGrain : ILiveTopic, IUserFacing
{
    /// <summary>Opens the room and returns the secret of its link; only its hash is kept. Editors and owners.</summary>
    [Alias("Open")]
    Task<string> OpenAsync(WorkspaceId workspace, SessionSubject subject, TimeSpan lifetime);

    /// <summary>
    /// Enters the room: a guest by the link's <paramref name="secret"/>, a member of the workspace without it. Refused with
    /// <see cref="Refusal.Forbidden"/> for a wrong secret and with <see cref="Refusal.Conflict"/> after the end.
    /// </summary>
    /// <param name="name">1 to 40 characters, shown to all.</param>
    [Alias("Join")]
    Task<SessionMember> JoinAsync(string? secret, string name);

    /// <summary>Says that a member is still there; every 10 s, lapses after 30 s.</summary>
    [Alias("Heartbeat")]
    Task HeartbeatAsync(string member);

    /// <summary>Leaves the room.</summary>
    [Alias("Leave")]
    Task LeaveAsync(string member);

    /// <summary>
    /// Moves a shared value: <c>divider</c> or <c>blend</c>, in [0, 1]. The order in which the grain sees moves is the order for all.
    /// </summary>
    /// <param name="sequence">Grows with each move of one member; an older one than the last seen is dropped.</param>
    [Alias("Move")]
    Task MoveAsync(string member, string field, double value, long sequence);

    /// <summary>As <see cref="MoveAsync"/> for a value of several numbers, for example the weights of a blend of more than two images.</summary>
    /// <param name="values">One to four, each in [0, 1].</param>
    /// <param name="sequence">As there.</param>
    [Alias("MoveMany")]
    Task MoveManyAsync(string member, string field, double[] values, long sequence);

    /// <summary>Ends the room; its link stops working at once.</summary>
    [Alias("Close")]
    Task CloseAsync();

    /// <summary>The state now. Members of the workspace and of the room.</summary>
    [Alias("Get")]
    Task<SessionSnapshot> GetAsync();

    /// <summary>True while a guest of this room may see <paramref name="subject"/>.</summary>
    [Alias("Admits")]
    Task<bool> AdmitsAsync(string member, SessionSubject subject);
}

/// <summary>What a room is about.</summary>
[GenerateSerializer, Alias("grainy.subject-kind")]
public enum SubjectKind
{
    /// <summary>A comparison.</summary>
    Comparison = 0,

    /// <summary>A blend.</summary>
    Blend = 1,
}

/// <summary>A comparison or blend by id.</summary>
[GenerateSerializer, Immutable, Alias("grainy.session-subject.v1")]
public sealed record SessionSubject([property: Id(0)] SubjectKind Kind, [property: Id(1)] string Id);

/// <summary>Somebody in the room.</summary>
/// <param name="Colour">CSS colour, given by the room so that no two early members share one.</param>
[GenerateSerializer, Immutable, Alias("grainy.session-member.v1")]
public sealed record SessionMember([property: Id(0)] string Id, [property: Id(1)] string Name, [property: Id(2)] string Colour, [property: Id(3)] bool Guest);

/// <summary>A shared value and who moved it last.</summary>
/// <param name="Value">The first of <paramref name="Values"/> where there are several.</param>
/// <param name="Values">All numbers of a value that has several; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("grainy.shared-value.v1")]
public sealed record SharedValue(
    [property: Id(0)] string Field, [property: Id(1)] double Value, [property: Id(2)] string By, [property: Id(3)] long Sequence,
    [property: Id(4)] double[]? Values = null);

/// <summary>All that a room shows.</summary>
[GenerateSerializer, Immutable, Alias("grainy.session-snapshot.v1")]
public sealed record SessionSnapshot : LiveSnapshot
{
    /// <summary>The room.</summary>
    [Id(0)]
    public required SessionId Id { get; init; }

    /// <summary>Who owns it.</summary>
    [Id(1)]
    public required WorkspaceId Workspace { get; init; }

    /// <summary>What it is about.</summary>
    [Id(2)]
    public required SessionSubject Subject { get; init; }

    /// <summary>Who is here.</summary>
    [Id(3)]
    public SessionMember[] Members { get; init; } = [];

    /// <summary>Shared values.</summary>
    [Id(4)]
    public SharedValue[] Values { get; init; } = [];

    /// <summary>When the link stops working.</summary>
    [Id(5)]
    public DateTimeOffset ExpiresAt { get; init; }

    /// <summary>True after the end.</summary>
    [Id(6)]
    public bool Closed { get; init; }
}
