using System.Security.Claims;
using Grainy.Host.Accounts;
using Grainy.Host.Pages;
using Grainy.Host.Startup;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc;

namespace Grainy.Host.Endpoints;

/// <summary>The start link, signing in and out, and the account's name and password.</summary>
internal static class AccountEndpoints
{
    public static void MapAccounts(this IEndpointRouteBuilder app)
    {
        app.MapGet("/start", StartAsync).AllowAnonymous().RequireRateLimiting(RequestRules.Guessing);
        app.MapGet("/sign-in", (string? because, string? returnUrl) =>
            SignInPage(because == "denied" ? "This page is not open to you; sign in with an account of the workspace." : null, null, returnUrl)).AllowAnonymous();
        app.MapPost("/sign-in", SignInAsync).AllowAnonymous().RequireRateLimiting(RequestRules.Guessing);

        // Needs no token: another site's form does not get the same-site cookie along, so it cannot sign anybody out.
        app.MapPost("/sign-out", SignOutAsync).AllowAnonymous().DisableAntiforgery();
        app.MapGet("/account", AccountAsync);
        app.MapPost("/account", SaveAsync);
    }

    private static async Task<IResult> StartAsync(string? token, StartToken start, Owner owner, ClaimsPrincipal person)
    {
        var answer = start.Redeem(token);
        if (answer == StartTokenAnswer.Accepted)
        {
            await owner.SignInAsync();
        }
        else if (Contracts.CallerClaims.Account(person) is null)
        {
            return SignInPage(answer switch
            {
                StartTokenAnswer.Used => "This start link has been used already; sign in with your password, or restart the server to get a new link.",
                StartTokenAnswer.Expired => "This start link has expired; restart the server to get a new one.",
                _ => "This start link is not valid; use the one that the server printed at its last start.",
            });
        }

        return TypedResults.Redirect("/library");
    }

    private static async Task<IResult> SignInAsync([FromForm] string? name, [FromForm] string? password, [FromForm] string? returnUrl, SignInManager<Account> signIn)
    {
        var result = await signIn.PasswordSignInAsync(name ?? "", password ?? "", isPersistent: true, lockoutOnFailure: true);
        return result.Succeeded
            ? TypedResults.LocalRedirect(IsLocal(returnUrl) ? returnUrl! : "/library")
            : SignInPage(
                result.IsLockedOut ? "Too many wrong passwords; wait five minutes and try again." : "The name or the password is wrong; check both and try again.", name, returnUrl);
    }

    private static async Task<IResult> SignOutAsync(SignInManager<Account> signIn)
    {
        await signIn.SignOutAsync();
        return TypedResults.LocalRedirect("/sign-in");
    }

    private static async Task<IResult> AccountAsync(ClaimsPrincipal person, UserManager<Account> accounts, SignInManager<Account> signIn, string? saved) =>
        await accounts.GetUserAsync(person) is { } account ? Show(account, null, saved is null ? null : "Saved.") : await SignOutAsync(signIn);

    private static async Task<IResult> SaveAsync(
        [FromForm] string? name, [FromForm] string? presentPassword, [FromForm] string? newPassword,
        ClaimsPrincipal person, UserManager<Account> accounts, SignInManager<Account> signIn)
    {
        if (await accounts.GetUserAsync(person) is not { } account)
        {
            return await SignOutAsync(signIn);
        }

        var problem = await RenameAsync(accounts, account, name?.Trim() ?? "") ?? await ChangePasswordAsync(accounts, account, presentPassword, newPassword);
        if (problem is not null)
        {
            return Show(account, problem, null);
        }

        await signIn.RefreshSignInAsync(account); // other browsers of this account are signed out when their cookie is next checked
        return TypedResults.LocalRedirect("/account?saved=1");
    }

    private static async Task<string?> RenameAsync(UserManager<Account> accounts, Account account, string name)
    {
        if (name == account.UserName)
        {
            return null;
        }

        if (name.Length is 0 or > 80 || name.Any(char.IsControl))
        {
            return "The name must have 1 to 80 printable characters.";
        }

        var result = await accounts.SetUserNameAsync(account, name);
        return result.Succeeded ? null : Sentence(result);
    }

    private static async Task<string?> ChangePasswordAsync(UserManager<Account> accounts, Account account, string? present, string? wanted)
    {
        if (string.IsNullOrEmpty(wanted))
        {
            return null;
        }

        var result = await accounts.HasPasswordAsync(account)
            ? await accounts.ChangePasswordAsync(account, present ?? "", wanted)
            : await accounts.AddPasswordAsync(account, wanted);
        return result.Succeeded ? null : Sentence(result);
    }

    private static string Sentence(IdentityResult result) => string.Join(" ", result.Errors.Select(error => error.Description));

    private static bool IsLocal(string? url) => url is ['/', not ('/' or '\\'), ..] or "/";

    private static RazorComponentResult<SignInPage> SignInPage(string? problem, string? name = null, string? returnUrl = null) =>
        new(new { Problem = problem, Name = name, ReturnUrl = returnUrl });

    private static RazorComponentResult<AccountPage> Show(Account account, string? problem, string? notice) =>
        new(new { Problem = problem, Notice = notice, Name = account.UserName ?? "", HasPassword = account.PasswordHash is not null });
}
