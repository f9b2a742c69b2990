namespace Grainy.Cli.Output;

/// <summary>Turns a failure into one line for people.</summary>
internal static class ErrorText
{
    public static string For(Exception error)
    {
        var text = error switch
        {
            CommandFailedException => error.Message,
            FileNotFoundException { FileName: { } file } => $"there is no file '{file}'",
            DirectoryNotFoundException => $"{error.Message} Make the folder first",
            UnauthorizedAccessException or IOException => error.Message,
            DllNotFoundException or TypeInitializationException => $"a native library could not be loaded ({Innermost(error).Message}); 'grainy doctor' says which",
            OutOfMemoryException => "there is not enough memory; use a smaller image or close other programs",
            ArgumentException => WithoutParameter(error.Message),
            _ => error.Message,
        };
        return text.ReplaceLineEndings(" ").Trim();
    }

    private static Exception Innermost(Exception error) => error.InnerException is { } inner ? Innermost(inner) : error;

    // ArgumentException appends " (Parameter 'x')" and the value, which mean nothing at a terminal.
    private static string WithoutParameter(string message)
    {
        var end = message.IndexOf(" (Parameter '", StringComparison.Ordinal);
        return end < 0 ? message : message[..end];
    }
}
