using Grainy.Core.Images;

namespace Grainy.Core.Metrics;

/// <summary>Several candidates for metrics that gain nothing from measuring them together.</summary>
internal static class SeparateMeasurements
{
    /// <summary>One after the other; a batch holds the candidates that have been begun.</summary>
    public static IEnumerable<MetricBatch> Of(
        IMetric metric, ImageBuffer reference, IReadOnlyList<ImageBuffer> candidates, MetricOptions options, CancellationToken ct)
    {
        RequireCandidates(candidates);
        var results = new List<MetricResult>();
        for (var i = 0; i < candidates.Count; i++)
        {
            results.Add(null!);
            foreach (var result in metric.Measure(reference, candidates[i], options, ct))
            {
                results[i] = result;
                yield return new MetricBatch([.. results], [], Final: result.Final && i == candidates.Count - 1);
            }
        }
    }

    /// <summary>Passes when there is something to measure.</summary>
    public static void RequireCandidates(IReadOnlyList<ImageBuffer> candidates)
    {
        ArgumentNullException.ThrowIfNull(candidates);
        if (candidates.Count == 0)
        {
            throw new ArgumentException("There is no candidate to compare: give at least one image besides the reference.", nameof(candidates));
        }
    }
}
