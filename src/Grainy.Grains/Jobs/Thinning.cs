namespace Grainy.Grains.Jobs;

/// <summary>Keeps a series short and evenly spread over its steps, whatever its length.</summary>
internal static class Thinning
{
    /// <summary>Adds the newest item, which always stays the last. When there are more than <paramref name="most"/>, the one goes that leaves the smallest gap.</summary>
    public static T[] Append<T>(T[] items, T newest, Func<T, long> step, int most)
    {
        if (items.Length > 0 && step(newest) <= step(items[^1]))
        {
            return step(newest) == step(items[^1]) ? [.. items[..^1], newest] : items; // a late report
        }

        T[] all = [.. items, newest];
        if (all.Length <= most)
        {
            return all;
        }

        var dropped = Enumerable.Range(1, all.Length - 2).MinBy(index => step(all[index + 1]) - step(all[index - 1]));
        return [.. all[..dropped], .. all[(dropped + 1)..]];
    }
}
