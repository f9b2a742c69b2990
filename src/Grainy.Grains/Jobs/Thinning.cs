namespace Grainy.Grains.Jobs;

/// <summary>Keeps a series short and evenly spread over its steps, whatever its length.</summary>
internal static class Thinning
{
    /// <summary>Adds the newest item, which always stays the last; drops others so that at most <paramref name="most"/> are left.</summary>
    public static T[] Append<T>(T[] items, T newest, Func<T, long> step, int most)
    {
        if (items.Length > 0 && step(newest) <= step(items[^1]))
        {
            return step(newest) == step(items[^1]) ? [.. items[..^1], newest] : items; // a late report
        }

        // The last item was only a guest if it lies closer to its neighbour than the spacing of the whole.
        var spacing = items.Length > 1 ? (step(newest) - step(items[0])) / (double)most : 0;
        var kept = items.Length > 1 && step(items[^1]) - step(items[^2]) < spacing ? items[..^1] : items;
        if (kept.Length >= most)
        {
            kept = [.. kept.Where((_, index) => index % 2 == 0)];
        }

        return [.. kept, newest];
    }
}
