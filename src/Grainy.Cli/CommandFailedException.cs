namespace Grainy.Cli;

/// <summary>Ends a command with exit code 1; the message is one sentence for the person at the terminal.</summary>
internal sealed class CommandFailedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>Ends a command with exit code 2 and its usage: the arguments make no sense together.</summary>
internal sealed class UsageException(string message) : Exception(message);
