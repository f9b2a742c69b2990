using Grainy.Host.Endpoints;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;

namespace Grainy.Host.Accounts;

/// <summary>What a request without the right to an answer gets: programs a status, people a page.</summary>
internal static class AccessAnswers
{
    public static Task SignInAsync(RedirectContext<CookieAuthenticationOptions> context) =>
        IsApi(context.HttpContext) ? Problems.SignIn().ExecuteAsync(context.HttpContext) : Redirect(context, context.RedirectUri);

    public static Task DeniedAsync(RedirectContext<CookieAuthenticationOptions> context) =>
        IsApi(context.HttpContext) ? Problems.Denied().ExecuteAsync(context.HttpContext) : Redirect(context, "/sign-in?because=denied");

    private static bool IsApi(HttpContext context) => context.Request.Path.StartsWithSegments("/api");

    private static Task Redirect(RedirectContext<CookieAuthenticationOptions> context, string to)
    {
        context.Response.Redirect(to);
        return Task.CompletedTask;
    }
}
