using System.Text.RegularExpressions;
using Grainy.Contracts;

namespace Grainy.Host.Endpoints;

/// <summary>What holds for every endpoint below <c>/api/v1</c>.</summary>
internal static partial class ApiRules
{
    private static readonly string[] IdNames = ["dataset", "image", "job", "model", "comparison", "blend", "session"];

    public static RouteGroupBuilder MapApi(this IEndpointRouteBuilder app)
    {
        var api = app.MapGroup("/api/v1");
        api.AddEndpointFilter(RequireKnownIdsAsync);
        api.AddEndpointFilter(RequireHeaderAsync);
        return api;
    }

    // A grain exists for any key: what cannot be an id must not wake one.
    private static async ValueTask<object?> RequireKnownIdsAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var values = context.HttpContext.Request.RouteValues;
        var strange = IdNames.FirstOrDefault(name => values.TryGetValue(name, out var value) && !IdShape().IsMatch(value as string ?? ""));
        return strange is null ? await Guarded(context, next) : Problems.NotFound($"There is no such {strange}.");
    }

    // A browser lets a page send this header only to the page's own origin, and says by itself where a request comes from; together with the same-site cookie
    // no other site can make a browser write here.
    private static async ValueTask<object?> RequireHeaderAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        return HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || request.Headers["X-Grainy"] == "1" || request.Headers["Sec-Fetch-Site"] == "same-origin"
            ? await next(context)
            : Problems.Make(StatusCodes.Status400BadRequest, "The request lacks the header 'X-Grainy: 1', which shows that it was not made by another site.", "Send the header 'X-Grainy: 1'.");
    }

    private static async ValueTask<object?> Guarded(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RefusedException refused)
        {
            return Problems.Of(refused);
        }
    }

    [GeneratedRegex("^[a-z]{2,3}-[0-9a-f]{32}$")]
    private static partial Regex IdShape();
}
