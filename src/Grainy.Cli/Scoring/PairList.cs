namespace Grainy.Cli.Scoring;

/// <summary>Which images are compared with which: from files, patterns, folders and lists.</summary>
internal static class PairList
{
    private static readonly string[] Endings = [".png", ".jpg", ".jpeg", ".tif", ".tiff", ".webp", ".gif", ".heic", ".heif", ".avif", ".npy"];

    /// <summary>The pairs in the order in which they were named.</summary>
    /// <param name="reference">A file, or a folder when <paramref name="images"/> is one folder.</param>
    /// <param name="images">Files, patterns and folders.</param>
    /// <exception cref="CommandFailedException">There is nothing to compare.</exception>
    public static IReadOnlyList<ImagePair> Of(string reference, IReadOnlyList<string> images)
    {
        if (FilePattern.Is(reference))
        {
            reference = FilePattern.Expand(reference) is [var single]
                ? single
                : throw new CommandFailedException($"the pattern '{reference}' does not fit exactly one reference");
        }

        if (Directory.Exists(reference))
        {
            return images is [var folder] && Directory.Exists(folder)
                ? ByName(reference, folder)
                : throw new CommandFailedException($"'{reference}' is a folder: name one other folder to compare it with, or one image as the reference");
        }

        return [.. images.SelectMany(word => Files(word, reference))];
    }

    /// <summary>True for the name of one file.</summary>
    public static bool IsFile(string word) => !FilePattern.Is(word) && !Directory.Exists(word);

    private static IEnumerable<ImagePair> Files(string word, string reference)
    {
        if (IsFile(word))
        {
            return [new ImagePair(reference, word)];
        }

        // A pattern or a folder takes in the reference too, but nobody means to compare it with itself.
        var own = Path.GetFullPath(reference);
        var found = (FilePattern.Is(word) ? FilePattern.Expand(word) : Images(word)).Where(file => Path.GetFullPath(file) != own).ToArray();
        return found.Length > 0
            ? found.Select(file => new ImagePair(reference, file))
            : [new ImagePair(reference, word, $"there is no image that fits '{word}'")];
    }

    private static ImagePair[] ByName(string references, string folder)
    {
        var others = Images(folder).ToDictionary(file => Path.GetFileName(file));
        var stems = others.Values.ToLookup(Path.GetFileNameWithoutExtension);
        var pairs = Images(references).Select(file => Partner(file) is { } partner
            ? new ImagePair(file, partner)
            : new ImagePair(file, Path.Combine(folder, Path.GetFileName(file)), $"'{folder}' has no image of that name")).ToList();
        var used = pairs.Select(pair => pair.Image).ToHashSet();
        pairs.AddRange(others.Values.Where(file => !used.Contains(file))
            .Select(file => new ImagePair(Path.Combine(references, Path.GetFileName(file)), file, $"'{references}' has no image of that name")));
        return pairs.Count > 0 ? [.. pairs] : throw new CommandFailedException($"there are no images in '{references}' and '{folder}'");

        // The same name, or the same name in another format where there is only one.
        string? Partner(string file) => others.GetValueOrDefault(Path.GetFileName(file))
            ?? (stems[Path.GetFileNameWithoutExtension(file)!].ToArray() is [var single] ? single : null);
    }

    private static IReadOnlyList<string> Images(string folder) =>
        [.. Directory.EnumerateFiles(folder).Where(file => Endings.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)];
}
