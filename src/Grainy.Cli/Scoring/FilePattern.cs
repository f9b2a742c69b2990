using System.IO.Enumeration;

namespace Grainy.Cli.Scoring;

/// <summary>Patterns with <c>*</c>, <c>?</c> and <c>**</c> that the shell left alone, because they were quoted or because the system has no such shell.</summary>
internal static class FilePattern
{
    private static readonly string[] Anything = ["*"];

    /// <summary>True for a pattern; a file that really has such a name is a file.</summary>
    public static bool Is(string word) => word.AsSpan().ContainsAny('*', '?') && !File.Exists(word) && !Directory.Exists(word);

    /// <summary>The files that fit, in ordinal order; hidden ones are left out.</summary>
    public static IReadOnlyList<string> Expand(string pattern)
    {
        var root = Path.GetPathRoot(pattern) ?? "";
        var parts = pattern[root.Length..].Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar], StringSplitOptions.RemoveEmptyEntries);
        return [.. Fitting(root, parts).Distinct().Order(StringComparer.Ordinal)];
    }

    private static IEnumerable<string> Fitting(string folder, ReadOnlyMemory<string> parts)
    {
        var (part, rest, here) = (parts.Span[0], parts[1..], folder.Length == 0 ? "." : folder);
        if (rest.IsEmpty)
        {
            return part == "**"
                ? Folders(here, "*").SelectMany(inner => Fitting(Path.Combine(folder, inner), parts)).Concat(Fitting(folder, Anything))
                : Names(Directory.EnumerateFiles, here, part).Select(name => Path.Combine(folder, name));
        }

        return part switch
        {
            "**" => Fitting(folder, rest).Concat(Folders(here, "*").SelectMany(inner => Fitting(Path.Combine(folder, inner), parts))),
            _ when part.AsSpan().ContainsAny('*', '?') => Folders(here, part).SelectMany(inner => Fitting(Path.Combine(folder, inner), rest)),
            _ => Directory.Exists(Path.Combine(here, part)) ? Fitting(Path.Combine(folder, part), rest) : [],
        };
    }

    private static IEnumerable<string> Folders(string folder, string pattern) => Names(Directory.EnumerateDirectories, folder, pattern);

    private static IEnumerable<string> Names(Func<string, IEnumerable<string>> list, string folder, string pattern) =>
        Directory.Exists(folder)
            ? list(folder).Select(path => Path.GetFileName(path)).Where(name =>
                FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: OperatingSystem.IsWindows()) && (name[0] != '.' || pattern[0] == '.'))
            : [];
}
