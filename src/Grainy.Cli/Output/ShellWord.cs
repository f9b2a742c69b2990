namespace Grainy.Cli.Output;

/// <summary>Quotes a file name so that a suggested command can be pasted.</summary>
internal static class ShellWord
{
    public static string Of(string word) =>
        word.All(symbol => char.IsAsciiLetterOrDigit(symbol) || "/._-+=:,@%~".Contains(symbol, StringComparison.Ordinal)) ? word : $"'{word.Replace("'", "'\\''", StringComparison.Ordinal)}'";
}
