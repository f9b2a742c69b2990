namespace Grainy.Core.Blending;

/// <summary>
/// In which order frames are computed: nearest to the slider first where one is known; otherwise each time the frame that lies farthest from all that are there, so
/// that a slider soon has something everywhere (on a line: the middle, the quarters, the eighths…).
/// </summary>
internal static class BlendOrder
{
    /// <summary>The next frames.</summary>
    /// <param name="open">Still to be computed; at least one.</param>
    /// <param name="there">Weights of those that are there or under way.</param>
    /// <param name="near">The slider's weights now, or null.</param>
    /// <param name="most">At most so many, at least 1.</param>
    public static BlendTarget[] Next(IReadOnlyCollection<BlendTarget> open, IEnumerable<IReadOnlyList<double>> there, IReadOnlyList<double>? near, int most)
    {
        if (near is not null)
        {
            return [.. open.OrderBy(target => BlendTarget.Distance(target.Weights, near)).ThenBy(target => target.Index).Take(most)];
        }

        var (placed, left, chosen) = (there.ToList(), open.OrderBy(target => target.Index).ToList(), new List<BlendTarget>());
        var first = 0.0;
        while (left.Count > 0 && chosen.Count < most)
        {
            var (best, gap) = (left[0], -1.0);
            foreach (var target in left)
            {
                var nearest = placed.Count == 0 ? 0 : placed.Min(weights => BlendTarget.Distance(weights, target.Weights));
                (best, gap) = nearest > gap + 1e-9 ? (target, nearest) : (best, gap);
            }

            // Frames of one rank go together.
            first = chosen.Count == 0 ? gap : first;
            if (gap < first - 1e-9)
            {
                break;
            }

            chosen.Add(best);
            left.Remove(best);
            placed.Add(best.Weights);
        }

        return [.. chosen];
    }
}
