namespace Grainy.Host.Startup;

/// <summary>The server cannot start; the message is the one line that the person at the console reads.</summary>
internal sealed class StartRefusedException : Exception
{
    public StartRefusedException(string message)
        : base(message)
    {
    }
}
