namespace Grainy.Cli.Scoring;

/// <summary>Stacks of several pages among the images that are compared: page by page, or every page with a single reference.</summary>
internal static class StackPairs
{
    /// <summary>The pairs with those of stacks taken apart; all others are as they were.</summary>
    public static IReadOnlyList<ImagePair> Of(IReadOnlyList<ImagePair> pairs)
    {
        var counts = new Dictionary<string, int>();
        return [.. pairs.SelectMany(pair => pair.Error is null ? Pages(pair, Count(pair.Reference), Count(pair.Image)) : [pair])];

        int Count(string path) => counts.TryGetValue(path, out var known) ? known : counts[path] = Inputs.Pages(path);
    }

    private static IEnumerable<ImagePair> Pages(ImagePair pair, int references, int images) => (references, images) switch
    {
        (1, 1) => [pair],
        (1, _) => Enumerable.Range(0, images).Select(page => Of(new FilePage(pair.Reference, 0, 1), new FilePage(pair.Image, page, images))),
        _ when references == images => Enumerable.Range(0, images).Select(page => Of(new FilePage(pair.Reference, page, references), new FilePage(pair.Image, page, images))),
        _ =>
        [
            pair with
            {
                Error = FormattableString.Invariant(
                    $"the reference '{pair.Reference}' has {references} pages and '{pair.Image}' has {images}; take a reference of one page, or stacks of as many pages"),
            },
        ],
    };

    private static ImagePair Of(FilePage reference, FilePage image) => new(reference.Name, image.Name) { ReferencePage = reference, ImagePage = image };
}
