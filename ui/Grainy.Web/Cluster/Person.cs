using System.Security.Claims;
using Grainy.Contracts;

namespace Grainy.Web.Cluster;

/// <summary>Who sits in front of the page: an account, or a guest of one room.</summary>
/// <param name="Subject">What <see cref="Caller"/> carries to the grains.</param>
/// <param name="Name">For people.</param>
/// <param name="Room">The only room that a guest may see; null for accounts.</param>
/// <param name="Member">The guest's id in that room.</param>
public sealed record Person(string Subject, string Name, SessionId? Room, string? Member)
{
    /// <summary>Claim with the id of the room of a guest.</summary>
    public const string SessionClaim = "grainy.session";

    /// <summary>Claim with the id of a guest in the room.</summary>
    public const string MemberClaim = "grainy.member";

    /// <summary>True for somebody who came by a link and has no account.</summary>
    public bool IsGuest => Room is not null;

    /// <summary>Reads the claims that the sign-in pages set; null for somebody who is not signed in.</summary>
    public static Person? From(ClaimsPrincipal principal)
    {
        if (principal.Identity?.IsAuthenticated != true)
        {
            return null;
        }

        var user = principal.FindFirst("sub")?.Value ?? principal.FindFirst(ClaimTypes.NameIdentifier)?.Value;
        if (principal.FindFirst(SessionClaim)?.Value is { } session && principal.FindFirst(MemberClaim)?.Value is { } member)
        {
            var room = new SessionId(session);
            return new(Caller.Guest(room, member), principal.Identity.Name ?? "Guest", room, member);
        }

        return user is null ? null : new(Caller.User(new UserId(user)), principal.Identity.Name ?? user, null, null);
    }
}
