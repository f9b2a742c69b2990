using Grainy.Host.Startup;

namespace Grainy.Host.Endpoints;

/// <summary>For supervisors: live while the process answers, ready while it takes work. Neither touches a grain or a database.</summary>
internal static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", () => TypedResults.Text("live")).AllowAnonymous();
        app.MapGet("/health/ready", (Readiness readiness) =>
            readiness.IsReady ? TypedResults.Text("ready") : TypedResults.Text("not ready", statusCode: StatusCodes.Status503ServiceUnavailable)).AllowAnonymous();
    }
}
