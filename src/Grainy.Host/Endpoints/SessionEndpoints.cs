using System.Net.ServerSentEvents;
using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Sessions;
using Grainy.Host.Live;

namespace Grainy.Host.Endpoints;

/// <summary>The live path of a room: its state comes by server-sent events, moves go by small posts.</summary>
internal static class SessionEndpoints
{
    public static void MapSessions(this RouteGroupBuilder api)
    {
        api.MapPost("/sessions", OpenAsync);
        var room = api.MapGroup("/sessions/{session}").RequireAuthorization(CallerClaims.RoomPolicy);
        room.MapGet("/events", EventsAsync);
        room.MapPost("/moves", MoveAsync);
        room.MapPost("/leave", LeaveAsync);
    }

    private static async Task<IResult> OpenAsync(NewSession wanted, ClaimsPrincipal person, IGrainFactory grains, HttpRequest request)
    {
        var id = SessionId.New();
        var lifetime = TimeSpan.FromMinutes(wanted.Minutes ?? 24 * 60);
        var secret = await CallFor.Person(person, () => grains.Session(id).OpenAsync(WorkspaceId.Main, new SessionSubject(wanted.Kind, wanted.Id), lifetime));
        return TypedResults.Created($"/room/{id}", new { id, link = $"{request.Scheme}://{request.Host}/live/{id}.{secret}" });
    }

    private static async Task<IResult> EventsAsync(string session, ClaimsPrincipal person, IGrainFactory grains, EventStreams streams, CancellationToken cancellationToken)
    {
        var id = new SessionId(session);
        var grain = grains.Session(id);
        var (subject, _) = await CallFor.PersonAndSubject(person, grain.GetAsync); // a refusal is an answer of its own, not a broken stream
        return CallerClaims.MemberOf(person, id) is { } member
            ? streams.Of<SessionSnapshot>(grain, subject, new SseItem<object>(new { id = member }, "me"), () => grain.HeartbeatAsync(member), cancellationToken)
            : streams.Of<SessionSnapshot>(grain, subject, first: null, heartbeat: null, cancellationToken);
    }

    private static async Task<IResult> MoveAsync(string session, Move move, ClaimsPrincipal person, IGrainFactory grains)
    {
        var (id, member) = Entered(person, session);
        await CallFor.Person(person, () => grains.Session(id).MoveManyAsync(member, move.Field, move.Values ?? [move.Value], move.Sequence));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> LeaveAsync(string session, ClaimsPrincipal person, IGrainFactory grains)
    {
        var (id, member) = Entered(person, session);
        await CallFor.Person(person, () => grains.Session(id).LeaveAsync(member));
        return TypedResults.NoContent();
    }

    private static (SessionId Session, string Member) Entered(ClaimsPrincipal person, string session) =>
        CallerClaims.MemberOf(person, new SessionId(session)) is { } member
            ? (new SessionId(session), member)
            : throw new RefusedException(Refusal.Forbidden, $"You have not entered this room; open /live/{session} first.");

    /// <summary>A room to be opened.</summary>
    internal sealed record NewSession(SubjectKind Kind, string Id, int? Minutes);

    /// <summary>A shared value is moved: one number, or several.</summary>
    internal sealed record Move(string Field, double Value, long Sequence, double[]? Values = null);
}
