using System.Globalization;

namespace Grainy.Cli;

/// <summary>One image in a file: the file itself, or a page of a stack.</summary>
internal sealed record FilePage(string Path, int Page, int Pages)
{
    public string Name => Pages > 1 ? string.Create(CultureInfo.InvariantCulture, $"{Path} page {Page + 1}") : Path;
}
