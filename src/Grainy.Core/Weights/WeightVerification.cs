namespace Grainy.Core.Weights;

/// <summary>What is known about one name of weights on this machine.</summary>
/// <param name="Name">Name of the weights.</param>
/// <param name="Purpose">What they are.</param>
/// <param name="Origin">Path or <c>built-in</c>; null when they are not installed.</param>
/// <param name="Verified">True when the content is exactly the published one.</param>
/// <param name="Problem">What is wrong with the file, for people.</param>
public sealed record WeightReport(string Name, string Purpose, string? Origin, bool Verified, string? Problem)
{
    /// <summary>What is published about them; null for the built-in ones.</summary>
    public KnownWeight? Known { get; init; }

    /// <summary>What could not be verified about weights that are used all the same, for people.</summary>
    public string? Doubt { get; init; }
}

/// <summary>Checks weights against what is known of them.</summary>
public static class WeightVerification
{
    internal const string BuiltInName = "builtin_perceptual";

    /// <summary>Passes when the set has exactly the content that its name promises; names that are not in <see cref="KnownWeights"/> are not judged.</summary>
    /// <returns>What could not be verified, for people: only where no checksum of the values is published. Null when all was.</returns>
    /// <exception cref="WeightFormatException">Other tensors, other shapes or other numbers.</exception>
    public static string? Verify(WeightSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (KnownWeights.Find(set.Name) is not { } known || set.Hash == known.ContentHash)
        {
            return null;
        }

        foreach (var (tensor, shape) in known.Shapes)
        {
            set.Require(tensor, shape);
        }

        var surplus = set.Tensors.Keys.FirstOrDefault(tensor => !known.Shapes.ContainsKey(tensor));
        if (surplus is not null)
        {
            throw new WeightFormatException($"'{set.Origin}' holds '{surplus}', which {set.Name} does not have; import the official file again ({known.Source}).");
        }

        var found = new RecognisedWeights(known, set.Tensors, set.Hash, "", "", null);
        return JudgeUnpublished([known], found, set.Metadata, set.Origin);
    }

    /// <summary>Looks at every known name.</summary>
    public static IReadOnlyList<WeightReport> Report(WeightStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return
        [
            .. KnownWeights.All.Select(known => Report(store, known.Name, known.Purpose) with { Known = known }),
            Report(store, BuiltInName, "the built-in perceptual network"),
        ];
    }

    /// <summary>
    /// Weights of the right shapes whose values have no published checksum, or the wrong one. The official file vouches for its values; a conversion carries the
    /// checksums of what it was made from; anything else must at least begin with the numbers that were printed in public.
    /// </summary>
    /// <returns>What could not be verified; null when the file is the official one or was made from it.</returns>
    internal static string? JudgeUnpublished(
        IReadOnlyList<KnownWeight> alike, RecognisedWeights found, IReadOnlyDictionary<string, string> metadata, string source)
    {
        var known = alike.FirstOrDefault(known => known.ContentHash is null)
            ?? throw new WeightFormatException(
                $"'{source}' has the shapes of {alike[0].Name} but other numbers, "
                + $"so it would not give the published values; get the official file ({alike[0].Source}).");
        if (found.FileHash == known.File.Sha256)
        {
            return null;
        }

        if (metadata.TryGetValue(WeightProvenance.ContentKey, out var content) && content != found.Hash)
        {
            throw new WeightFormatException(
                $"'{source}' was damaged or changed after it was imported: its values have another checksum; import the official file again ({known.Source}).");
        }

        var converted = content is not null && metadata.TryGetValue(WeightProvenance.FileKey, out var file) && file == known.File.Sha256;
        if (known.Sample?.Agrees(found.Tensors) == false || found.Tensors.Values.Any(tensor => tensor.Values.Any(value => !float.IsFinite(value))))
        {
            throw new WeightFormatException(
                $"'{source}' has the shapes of {known.Name} but other numbers, "
                + $"so it would not give the published values; get the official file ({known.Source}).");
        }

        return converted
            ? null
            : $"{known.Name} begins as published, but no checksum of all its values is: only {known.File.FileName} itself can be verified to the last digit";
    }

    private static WeightReport Report(WeightStore store, string name, string purpose)
    {
        var origin = store.Locate(name);
        if (origin is null)
        {
            return new WeightReport(name, purpose, null, false, null);
        }

        try
        {
            var doubt = store.Find(name)?.Doubt;
            // A file of a person's own in place of the built-in network can be used, but there is nothing to verify it against.
            var judged = origin == WeightStore.BuiltIn || KnownWeights.Find(name) is not null;
            return new WeightReport(name, purpose, origin, judged && doubt is null, null) { Doubt = doubt };
        }
        catch (Exception unusable) when (unusable is WeightFormatException or IOException or UnauthorizedAccessException)
        {
            return new WeightReport(name, purpose, origin, false, unusable.Message);
        }
    }
}
