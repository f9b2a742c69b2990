using Grainy.Core.Metrics;

namespace Grainy.Cli.Options;

/// <summary>Metrics named with commas between them.</summary>
internal static class MetricNames
{
    /// <summary>The names, or the default set; every one of them can be measured with the weights at hand.</summary>
    /// <exception cref="UsageException">There is no such metric.</exception>
    /// <exception cref="CommandFailedException">Its weights are missing.</exception>
    public static IReadOnlyList<string> Of(string? wanted, MetricCatalog catalog)
    {
        var names = wanted?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct().ToArray() ?? [.. catalog.DefaultSet()];
        if (names is [])
        {
            throw new UsageException("--metric names no metric");
        }

        if (names.FirstOrDefault(name => !catalog.Names.Contains(name)) is { } unknown)
        {
            throw new UsageException($"there is no metric '{unknown}'; there are {string.Join(", ", catalog.Names)}");
        }

        foreach (var name in names)
        {
            if (!catalog.IsAvailable(name, out var why))
            {
                throw new CommandFailedException(why!);
            }
        }

        return names;
    }
}
