using System.Collections.Concurrent;
using System.Security.Cryptography;
using Grainy.Core.Metrics;
using Grainy.Core.Weights;

namespace Grainy.Grains.Metrics;

/// <summary>
/// All that a metric's value depends on besides images, samples and seed, known before anything is measured: its name, the bytes of its weights, and the build of
/// the code that computes it. An update of the program or of a weights file makes remembered values unfindable rather than wrong.
/// </summary>
internal sealed class MetricIdentity(MetricCatalog catalog, WeightStore weights)
{
    private static readonly string Build = typeof(MetricCatalog).Module.ModuleVersionId.ToString("n");
    private readonly ConcurrentDictionary<(string Path, long Length, DateTime WrittenAt), Task<string>> _hashes = new();

    /// <summary>A name for the metric as it would be measured now; null when its weights are not installed.</summary>
    public async Task<string?> OfAsync(string metric)
    {
        if (!catalog.IsAvailable(metric, out _))
        {
            return null;
        }

        var parts = new List<string> { metric, Build };
        foreach (var name in MetricCatalog.WeightsOf(metric))
        {
            parts.Add(weights.Locate(name) is { } place && place != WeightStore.BuiltIn ? await HashOfAsync(place) : name); // built-in ones are part of the build
        }

        return string.Join('|', parts);
    }

    private Task<string> HashOfAsync(string path)
    {
        var file = new FileInfo(path);
        return _hashes.GetOrAdd((path, file.Length, file.LastWriteTimeUtc), _ => Task.Run(async () =>
        {
            await using var stream = File.OpenRead(path);
            return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream));
        }));
    }
}
