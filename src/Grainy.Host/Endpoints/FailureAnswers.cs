using Grainy.Contracts;
using Microsoft.AspNetCore.Diagnostics;

namespace Grainy.Host.Endpoints;

/// <summary>The last catch of a request: refusals become problem documents, anything else a sentence with an id that the log has too.</summary>
internal sealed partial class FailureAnswers(ILogger<FailureAnswers> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (exception is OperationCanceledException && httpContext.RequestAborted.IsCancellationRequested)
        {
            return true;
        }

        var answer = exception switch
        {
            RefusedException refused => Problems.Of(refused),
            BadHttpRequestException bad => Problems.Make(bad.StatusCode, bad.Message, "Change the request as described and send it again."),
            TimeoutException or OrleansException => Problems.Make(
                StatusCodes.Status503ServiceUnavailable, "The server is too busy to answer at this moment.", "Try again in a few seconds."),
            _ => Problems.Make(
                StatusCodes.Status500InternalServerError, "The server failed at this request.", $"Try again; if it fails again, look for {httpContext.TraceIdentifier} in the server's log."),
        };
        if (answer.StatusCode >= StatusCodes.Status500InternalServerError)
        {
            LogFailure(httpContext.Request.Method, httpContext.Request.Path, httpContext.TraceIdentifier, exception);
        }

        await answer.ExecuteAsync(httpContext);
        return true;
    }

    [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Method} {Path} failed ({Request})")]
    private partial void LogFailure(string method, string path, string request, Exception exception);
}
