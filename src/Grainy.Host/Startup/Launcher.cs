using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Options;

namespace Grainy.Host.Startup;

/// <summary>Turns a start that cannot succeed into one line and exit code 1.</summary>
internal static class Launcher
{
    public static async Task<int> RunAsync(Func<Task> server)
    {
        try
        {
            await server();
            return 0;
        }
        catch (Exception failure) when (Explain(failure) is not null)
        {
            await Console.Error.WriteLineAsync($"Grainy cannot start: {Explain(failure)}");
            return 1;
        }
    }

    /// <summary>One line for the failures that a person at the console can mend; null for those that are faults of the program.</summary>
    private static string? Explain(Exception failure) => failure switch
    {
        StartRefusedException => failure.Message,
        OptionsValidationException invalid => string.Join(" ", invalid.Failures.Select(Sentence)),
        AddressInUseException => $"{failure.Message} Choose another address with --urls.",
        IOException { InnerException: AddressInUseException } => $"{failure.Message} Choose another address with --urls.",
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => "the silo's port is taken by another program; choose another with --Grainy:SiloPort, or 0 for any free one.",
        InvalidOperationException when failure.Message.Contains("configuration", StringComparison.OrdinalIgnoreCase) => OneLine(failure),
        FormatException or InvalidDataException => OneLine(failure),
        AggregateException { InnerException: { } inner } => Explain(inner),
        _ => null,
    };

    // The generated validator writes "Member: The field Type.Member must …", or "Member: " and the message of the attribute.
    private static string Sentence(string failure) =>
        failure[(failure.IndexOf(": ", StringComparison.Ordinal) + 2)..].Replace($"The field {nameof(ServerOptions)}.", "Grainy:", StringComparison.Ordinal);

    private static string OneLine(Exception failure) => failure.Message.ReplaceLineEndings(" ");
}
