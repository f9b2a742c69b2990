namespace Grainy.Core.Blending;

/// <summary>
/// In which order the frames between the ends are computed: the middle, the quarters, the eighths…, so that a slider soon has something everywhere.
/// </summary>
internal static class BlendOrder
{
    /// <summary>Groups of frames that are of the same rank and computed together.</summary>
    /// <param name="frames">Including both ends.</param>
    /// <param name="skip">Frames to leave out.</param>
    /// <param name="largestGroup">At least 1.</param>
    public static IEnumerable<int[]> Groups(int frames, IReadOnlySet<int> skip, int largestGroup)
    {
        (int From, int To)[] gaps = [(0, frames - 1)];
        while (gaps.Length > 0)
        {
            var middles = gaps.Select(gap => (gap.From + gap.To) / 2).ToArray();
            foreach (var group in middles.Where(frame => !skip.Contains(frame)).Chunk(largestGroup))
            {
                yield return group;
            }

            var halves = gaps.Zip(middles, (gap, middle) => new[] { (gap.From, middle), (middle, gap.To) });
            gaps = [.. halves.SelectMany(pair => pair).Where(gap => gap.Item2 - gap.Item1 > 1)];
        }
    }
}
