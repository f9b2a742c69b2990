using Grainy.Core.Images;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>Measures how evenly the frames of a line are spaced.</summary>
internal static class SpacingReport
{
    /// <summary>One short slice per step of the iterator; the last one holds the report.</summary>
    /// <param name="frames">In their order, at any size.</param>
    public static IEnumerable<BlendSpacing?> Measure(BlendContext context, IReadOnlyList<ImageBuffer> frames, CancellationToken ct) =>
        Measure(context, frames.Count, frame => context.Working(frames[frame]), ct);

    /// <summary>The same of the pixel mixes with the frames' weights.</summary>
    public static IEnumerable<BlendSpacing?> OfMixes(BlendContext context, CancellationToken ct) =>
        Measure(context, context.Options.Frames.Count, frame => context.Inputs.Mix(0, context.Options.Frames[frame].Weights), ct);

    private static IEnumerable<BlendSpacing?> Measure(BlendContext context, int count, Func<int, Tensor> frame, CancellationToken ct)
    {
        var pairs = Enumerable.Range(0, count - 1).Select(i => (i, i + 1)).Append((0, count - 1)).ToArray();
        var values = new (double Distance, double Error)[pairs.Length];
        foreach (var _ in context.Energy.Distances(frame, pairs, values))
        {
            ct.ThrowIfCancellationRequested();
            yield return null;
        }

        yield return new BlendSpacing([.. values.SkipLast(1).Select(value => value.Distance)], [.. values.SkipLast(1).Select(value => value.Error)], values[^1].Distance);
    }
}
