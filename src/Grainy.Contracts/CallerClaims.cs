using System.Security.Claims;

namespace Grainy.Contracts;

/// <summary>
/// What the web process knows of the person behind a request or a circuit, as claims: an account by <see cref="ClaimTypes.NameIdentifier"/>, and one
/// <see cref="Room"/> claim for each live room that was entered by this browser, whether by a guest or by a member of the workspace.
/// </summary>
public static class CallerClaims
{
    /// <summary>Claim type; the value is <c>{session}:{member}</c>.</summary>
    public const string Room = "grainy.room";

    /// <summary>Name of the authorisation policy of pages and endpoints that guests of a room may use; the grain decides what they see.</summary>
    public const string RoomPolicy = "room";

    /// <summary>The account, or null for guests and strangers.</summary>
    public static UserId? Account(ClaimsPrincipal person)
    {
        ArgumentNullException.ThrowIfNull(person);
        return person.FindFirst(ClaimTypes.NameIdentifier) is { } claim ? new UserId(claim.Value) : null;
    }

    /// <summary>The id of this person as a member of a room, or null when the room was not entered.</summary>
    public static string? MemberOf(ClaimsPrincipal person, SessionId session)
    {
        ArgumentNullException.ThrowIfNull(person);
        var prefix = $"{session}:";
        return person.FindAll(Room).FirstOrDefault(claim => claim.Value.StartsWith(prefix, StringComparison.Ordinal))?.Value[prefix.Length..];
    }

    /// <summary>Subjects for which a call of this person can be made, the strongest first: the account, then each entered room. Empty for strangers.</summary>
    public static IReadOnlyList<string> Subjects(ClaimsPrincipal person)
    {
        ArgumentNullException.ThrowIfNull(person);
        var rooms = person.FindAll(Room).Select(claim => claim.Value.Split(':', 2)).Where(parts => parts.Length == 2)
            .Select(parts => Caller.Guest(new SessionId(parts[0]), parts[1]));
        return Account(person) is { } user ? [Caller.User(user), .. rooms] : [.. rooms];
    }
}
