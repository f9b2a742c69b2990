namespace Grainy.Core.Weights.Containers;

/// <summary>Names out of a file that may be hostile: neither pages of text nor control characters reach a terminal.</summary>
internal static class Printable
{
    private const int Longest = 80;

    public static string Of(string text)
    {
        var shown = string.Concat(text.Take(Longest).Select(symbol => char.IsControl(symbol) || char.IsSurrogate(symbol) ? '?' : symbol));
        return text.Length > Longest ? shown + "…" : shown;
    }
}
