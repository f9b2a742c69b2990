using System.Security.Claims;
using Grainy.Contracts;

namespace Grainy.Web.Cluster;

/// <summary>Who sits in front of the page: an account, or a guest of rooms that this browser entered.</summary>
/// <param name="Subject">What <see cref="Caller"/> carries to the grains.</param>
/// <param name="Name">For people.</param>
/// <param name="IsGuest">True for somebody who came by a link and has no account.</param>
public sealed record Person(string Subject, string Name, bool IsGuest)
{
    /// <summary>Reads the claims of the sign-in; null for somebody who is not signed in.</summary>
    /// <param name="room">The room that the page is about: a guest is another subject in each room.</param>
    public static Person? From(ClaimsPrincipal principal, SessionId? room = null)
    {
        var name = principal.Identity?.Name;
        if (CallerClaims.Account(principal) is { } account)
        {
            return new(Caller.User(account), name ?? "Account", false);
        }

        var subject = room is { } session
            ? CallerClaims.MemberOf(principal, session) is { } member ? Caller.Guest(session, member) : null
            : CallerClaims.Subjects(principal) is [var strongest, ..] ? strongest : null;
        return subject is null ? null : new(subject, name ?? "Guest", true);
    }
}
