using System.Security.Claims;
using System.Text.RegularExpressions;
using Grainy.Contracts;
using Grainy.Host.Accounts;
using Grainy.Host.Pages;
using Grainy.Host.Startup;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Grainy.Host.Endpoints;

/// <summary>The door of a live room: a guest gives a name, a member of the workspace walks through. Works without scripts.</summary>
internal static partial class LivePages
{
    public static void MapLivePages(this IEndpointRouteBuilder app)
    {
        app.MapGet("/live/{link}", OpenAsync).AllowAnonymous().RequireRateLimiting(RequestRules.Guessing);
        app.MapPost("/live/{link}", JoinAsync).AllowAnonymous().RequireRateLimiting(RequestRules.Guessing);
    }

    private static async Task<IResult> OpenAsync(string link, ClaimsPrincipal person, IGrainFactory grains, RoomPasses passes, HttpResponse response)
    {
        if (!TryParse(link, out var session, out _))
        {
            return NotOpen("The link is not complete; copy it again.");
        }

        if (CallerClaims.MemberOf(person, session) is not null)
        {
            return TypedResults.LocalRedirect($"/room/{session}");
        }

        return CallerClaims.Account(person) is null
            ? Form(link, null, null)
            : await EnterAsync(link, NameOf(person), person, grains, passes, response);
    }

    private static Task<IResult> JoinAsync(string link, [FromForm] string? name, ClaimsPrincipal person, IGrainFactory grains, RoomPasses passes, HttpResponse response) =>
        EnterAsync(link, name, person, grains, passes, response);

    private static async Task<IResult> EnterAsync(string link, string? name, ClaimsPrincipal person, IGrainFactory grains, RoomPasses passes, HttpResponse response)
    {
        if (!TryParse(link, out var session, out var secret))
        {
            return NotOpen("The link is not complete; copy it again.");
        }

        if (string.IsNullOrWhiteSpace(name))
        {
            return Form(link, "Enter a name of 1 to 40 characters.", name);
        }

        try
        {
            var subject = CallerClaims.Account(person) is { } user ? Caller.User(user) : Caller.Guest(session, "");
            var member = await Caller.AsAsync(subject, () => grains.Session(session).JoinAsync(secret, name.Trim()));
            passes.Issue(response, session, member);
            return TypedResults.LocalRedirect($"/room/{session}");
        }
        catch (RefusedException refused)
        {
            return refused.Reason == Refusal.Invalid ? Form(link, refused.Message, name) : NotOpen(refused.Message);
        }
    }

    private static string NameOf(ClaimsPrincipal person) => (person.Identity?.Name ?? "Member") is { Length: > 40 } name ? name[..40] : person.Identity?.Name ?? "Member";

    private static RazorComponentResult<JoinPage> Form(string link, string? problem, string? name) => new(new { Link = link, Problem = problem, Name = name });

    private static RazorComponentResult<JoinPage> NotOpen(string problem) => new(new { Problem = problem, Open = false }) { StatusCode = StatusCodes.Status404NotFound };

    private static bool TryParse(string link, out SessionId session, out string? secret)
    {
        var match = Link().Match(link);
        session = new SessionId(match.Groups["session"].Value);
        secret = match.Groups["secret"] is { Success: true } group ? group.Value : null;
        return match.Success;
    }

    [GeneratedRegex("^(?<session>se-[0-9a-f]{32})(\\.(?<secret>[A-Za-z0-9_-]{8,200}))?$")]
    private static partial Regex Link();
}
