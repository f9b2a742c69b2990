using Grainy.Core.Images;

namespace Grainy.Core.Blending;

/// <summary>Measures how evenly the frames of a line are spaced.</summary>
internal static class SpacingReport
{
    /// <summary>One short slice per step of the iterator; the last one holds the report.</summary>
    /// <param name="frames">In their order, at any size.</param>
    public static IEnumerable<BlendSpacing?> Measure(BlendContext context, IReadOnlyList<ImageBuffer> frames, CancellationToken ct)
    {
        var pairs = Enumerable.Range(0, frames.Count - 1).Select(i => (i, i + 1)).Append((0, frames.Count - 1)).ToArray();
        var values = new (double Distance, double Error)[pairs.Length];
        foreach (var _ in context.Energy.Distances(frame => context.Working(frames[frame]), pairs, values))
        {
            ct.ThrowIfCancellationRequested();
            yield return null;
        }

        yield return new BlendSpacing([.. values.SkipLast(1).Select(value => value.Distance)], [.. values.SkipLast(1).Select(value => value.Error)], values[^1].Distance);
    }
}
