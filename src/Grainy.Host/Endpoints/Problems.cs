using Grainy.Contracts;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grainy.Host.Endpoints;

/// <summary>Refusals as problem documents: <c>detail</c> says what and why, <c>fix</c> what to do.</summary>
internal static class Problems
{
    public static ProblemHttpResult Of(RefusedException refused) => refused.Reason switch
    {
        Refusal.NotFound => Make(StatusCodes.Status404NotFound, refused.Message, "Reload the list: it may have been removed meanwhile."),
        Refusal.Forbidden => Make(StatusCodes.Status403Forbidden, refused.Message, "Ask an owner of the workspace for the right to do this."),
        Refusal.Conflict => Make(StatusCodes.Status409Conflict, refused.Message, "Reload to see the present state, then try again."),
        _ => Make(StatusCodes.Status400BadRequest, refused.Message, "Change the request as described and send it again."),
    };

    public static ProblemHttpResult SignIn() =>
        Make(StatusCodes.Status401Unauthorized, "This needs a signed-in person.", "Sign in at /sign-in, or open the link that the server prints when it starts.");

    public static ProblemHttpResult Denied() =>
        Make(StatusCodes.Status403Forbidden, "This is not open to guests.", "Sign in with an account of the workspace.");

    public static ProblemHttpResult NotFound(string what) => Of(new RefusedException(Refusal.NotFound, what));

    public static ProblemHttpResult Make(int status, string detail, string fix) =>
        TypedResults.Problem(detail, statusCode: status, extensions: new Dictionary<string, object?> { ["fix"] = fix });
}
