namespace Grainy.Core.Weights;

/// <summary>What is known about one name of weights on this machine.</summary>
/// <param name="Name">Name of the weights.</param>
/// <param name="Purpose">What they are for.</param>
/// <param name="Origin">Path or <c>built-in</c>; null when they are not installed.</param>
/// <param name="Verified">True when the content is exactly the published one.</param>
/// <param name="Problem">What is wrong with the file, for people.</param>
public sealed record WeightReport(string Name, string Purpose, string? Origin, bool Verified, string? Problem);

/// <summary>Checks weights against what is known of them.</summary>
public static class WeightVerification
{
    /// <summary>Passes when the set has exactly the content that its name promises; names that are not in <see cref="KnownWeights"/> are not judged.</summary>
    /// <exception cref="WeightFormatException">Other tensors, other shapes or other numbers.</exception>
    public static void Verify(WeightSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        if (KnownWeights.Find(set.Name) is not { } known || set.Hash == known.ContentHash)
        {
            return;
        }

        foreach (var (tensor, shape) in known.Shapes)
        {
            set.Require(tensor, shape);
        }

        var surplus = set.Tensors.Keys.FirstOrDefault(tensor => !known.Shapes.ContainsKey(tensor));
        throw new WeightFormatException(surplus is not null
            ? $"'{set.Origin}' holds '{surplus}', which {set.Name} does not have; import the official file again ({known.Source})."
            : $"'{set.Origin}' has the shapes of {set.Name} but other numbers, "
                + $"so it would not give the published values; import the official file again ({known.Source}).");
    }

    /// <summary>Looks at every known name.</summary>
    public static IReadOnlyList<WeightReport> Report(WeightStore store)
    {
        ArgumentNullException.ThrowIfNull(store);
        return
        [
            .. KnownWeights.All.Select(known => Report(store, known.Name, known.Purpose)),
            Report(store, BuiltInName, "the built-in perceptual network (builtin, elpips-builtin)"),
        ];
    }

    internal const string BuiltInName = "builtin_perceptual";

    private static WeightReport Report(WeightStore store, string name, string purpose)
    {
        var origin = store.Locate(name);
        if (origin is null)
        {
            return new WeightReport(name, purpose, null, false, null);
        }

        try
        {
            _ = store.Find(name);
            // A file of a person's own in place of the built-in network can be used, but there is nothing to verify it against.
            return new WeightReport(name, purpose, origin, origin == WeightStore.BuiltIn || KnownWeights.Find(name) is not null, null);
        }
        catch (Exception unusable) when (unusable is WeightFormatException or IOException or UnauthorizedAccessException)
        {
            return new WeightReport(name, purpose, origin, false, unusable.Message);
        }
    }
}
