using Grainy.Contracts;
using Microsoft.Extensions.Logging;

namespace Grainy.Web.Shared;

/// <summary>Failures in the words of a person.</summary>
internal static partial class Sentences
{
    /// <summary>One sentence: what, why, what to do. Never a type name or a stack trace.</summary>
    public static string Of(Exception problem) => problem switch
    {
        RefusedException refused => refused.Message,
        TimeoutException => "The server did not answer in time; it may be busy or starting. Try again in a moment.",
        _ => "Something went wrong on the server; it has been written to its log. Try again, or reload the page.",
    };

    /// <summary>Refusals are answers; all else is written to the log.</summary>
    public static void Log(ILogger log, Exception problem)
    {
        if (problem is not RefusedException)
        {
            LogFailure(log, problem);
        }
    }

    [LoggerMessage(EventId = 4001, Level = LogLevel.Error, Message = "A page could not do what it was asked for")]
    private static partial void LogFailure(ILogger log, Exception problem);
}
