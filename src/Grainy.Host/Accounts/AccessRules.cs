using System.Security.Claims;
using Grainy.Contracts;
using Microsoft.AspNetCore.Authorization;

namespace Grainy.Host.Accounts;

/// <summary>
/// Default deny: whatever does not say otherwise needs an account. Guests of a live room reach its page, its circuit, and the endpoints that ask the grains.
/// </summary>
internal static class AccessRules
{
    // The circuit's own address and the room's page are mapped by the web project; the grains refuse a guest everything but the room.
    private static readonly string[] GuestPaths = ["/room", "/_blazor"];

    public static void AddAccessRules(this WebApplicationBuilder builder)
    {
        var account = new AuthorizationPolicyBuilder().RequireAssertion(context => HasAccount(context.User) || (IsGuest(context.User) && IsGuestPath(context.Resource))).Build();
        builder.Services.AddAuthorizationBuilder()
            .SetDefaultPolicy(account)
            .SetFallbackPolicy(account)
            .AddPolicy(CallerClaims.RoomPolicy, room => room.RequireAssertion(context => HasAccount(context.User) || IsGuest(context.User)));
    }

    private static bool HasAccount(ClaimsPrincipal person) => CallerClaims.Account(person) is not null;

    private static bool IsGuest(ClaimsPrincipal person) => person.HasClaim(claim => claim.Type == CallerClaims.Room);

    private static bool IsGuestPath(object? resource) =>
        resource is HttpContext context && GuestPaths.Any(path => context.Request.Path.StartsWithSegments(path, StringComparison.Ordinal));
}
