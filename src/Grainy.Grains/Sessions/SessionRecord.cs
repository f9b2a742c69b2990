using Grainy.Contracts.Sessions;

namespace Grainy.Grains.Sessions;

/// <summary>What a room stores. Who is present is not stored.</summary>
internal sealed record SessionRecord
{
    public WorkspaceId? Workspace { get; init; }

    public SessionSubject? Subject { get; init; }

    /// <summary>SHA-256 of the link's secret.</summary>
    public string SecretHash { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset ExpiresAt { get; init; }

    public bool Closed { get; init; }

    /// <summary>Everybody who entered, so that a restart throws no guest out.</summary>
    public Entrant[] Entrants { get; init; } = [];

    public SharedValue[] Values { get; init; } = [];
}

/// <summary>Somebody who entered.</summary>
/// <param name="Caller">The subject whose calls are this member's.</param>
internal sealed record Entrant(SessionMember Member, string Caller);
