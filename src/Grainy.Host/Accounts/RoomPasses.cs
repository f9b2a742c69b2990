using System.Security.Claims;
using System.Security.Cryptography;
using Grainy.Contracts;
using Grainy.Contracts.Sessions;
using Grainy.Host.Startup;
using Microsoft.AspNetCore.DataProtection;

namespace Grainy.Host.Accounts;

/// <summary>
/// Cookies that say which live rooms this browser entered and as whom: one per room, sealed, unreadable for scripts. The room itself decides on each call
/// whether the pass still counts.
/// </summary>
internal sealed class RoomPasses(IDataProtectionProvider protection, DataFolder data)
{
    private const int MostRooms = 16;
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(7);

    private readonly ITimeLimitedDataProtector _seal = protection.CreateProtector("Grainy.RoomPass.v1").ToTimeLimitedDataProtector();

    private string Prefix => $"grainy.room.{data.Instance}.";

    public void Issue(HttpResponse response, SessionId session, SessionMember member) =>
        response.Cookies.Append(Prefix + session, _seal.Protect($"{session}:{member.Id}\n{member.Name}", Lifetime), new CookieOptions
        {
            HttpOnly = true,
            SameSite = SameSiteMode.Lax,
            Secure = response.HttpContext.Request.IsHttps,
            MaxAge = Lifetime,
            Path = "/",
        });

    public void Withdraw(HttpResponse response, SessionId session) => response.Cookies.Delete(Prefix + session, new CookieOptions { Path = "/" });

    /// <summary>Adds the rooms of this browser to what is known of the person.</summary>
    public Task AddToAsync(HttpContext context, RequestDelegate next)
    {
        var rooms = context.Request.Cookies.Where(cookie => cookie.Key.StartsWith(Prefix, StringComparison.Ordinal)).Take(MostRooms)
            .Select(Open).OfType<ClaimsIdentity>().ToArray();
        if (rooms.Length > 0)
        {
            context.User = new ClaimsPrincipal([.. context.User.Identities.Where(identity => identity.IsAuthenticated), .. rooms]);
        }

        return next(context);
    }

    private ClaimsIdentity? Open(KeyValuePair<string, string> cookie)
    {
        try
        {
            return _seal.Unprotect(cookie.Value).Split('\n', 2) is [var pass, var name] && pass.StartsWith($"{cookie.Key[Prefix.Length..]}:", StringComparison.Ordinal)
                ? new ClaimsIdentity([new Claim(CallerClaims.Room, pass), new Claim(ClaimTypes.Name, name)], "room")
                : null;
        }
        catch (CryptographicException)
        {
            return null; // lapsed or forged: as if it were not there
        }
    }
}
