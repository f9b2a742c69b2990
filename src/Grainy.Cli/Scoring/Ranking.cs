namespace Grainy.Cli.Scoring;

/// <summary>Orders the images of one reference, and says where metrics order them differently.</summary>
internal static class Ranking
{
    /// <summary>The rows with their ranks: images with equal values share the better one.</summary>
    public static IReadOnlyList<ScoreRow> Ranked(IReadOnlyList<ScoreRow> rows, Func<string, bool> lowerIsBetter) =>
    [
        .. rows.Select(row =>
        {
            var rivals = rows.Where(other => other.Metric == row.Metric && other.Result is not null).ToArray();
            return row.Result is null || rivals.Length < 2
                ? row
                : row with { Rank = 1 + rivals.Count(other => IsNearer(other.Result!.Value, row.Result.Value, lowerIsBetter(row.Metric!))) };
        }),
    ];

    /// <summary>Pairs of images that two metrics put in opposite orders, each beyond its error.</summary>
    public static IEnumerable<Disagreement> Disagreements(
        IReadOnlyList<ScoreRow> rows, IReadOnlyList<ScoreDifference> differences, Func<string, bool> lowerIsBetter)
    {
        var perMetric = rows.Where(row => row.Result is not null).GroupBy(row => row.Metric!).Select(group => group.ToArray()).ToArray();
        for (var a = 0; a < perMetric.Length; a++)
        {
            for (var b = a + 1; b < perMetric.Length; b++)
            {
                foreach (var (first, second) in Pairs([.. perMetric[a].Select(row => row.Pair).Intersect(perMetric[b].Select(row => row.Pair))]))
                {
                    var (one, other) = (Order(perMetric[a], first, second), Order(perMetric[b], first, second));
                    if (one * other < 0)
                    {
                        var (forFirst, forSecond) = one < 0 ? (a, b) : (b, a);
                        yield return new Disagreement(first.Reference, first.Image, second.Image, perMetric[forFirst][0].Metric!, perMetric[forSecond][0].Metric!);
                    }
                }
            }
        }

        // −1: the first is nearer; 0: cannot be told.
        int Order(ScoreRow[] metric, ImagePair first, ImagePair second)
        {
            var (one, other) = (metric.First(row => row.Pair == first), metric.First(row => row.Pair == second));
            var error = differences.FirstOrDefault(known => known.Metric == one.Metric && known.IsOf(first.Image, second.Image))?.HalfWidth
                ?? Math.Sqrt(Math.Pow(one.HalfWidth ?? 0, 2) + Math.Pow(other.HalfWidth ?? 0, 2));
            var (value, rival) = (one.Result!.Value, other.Result!.Value);
            return value.Equals(rival) || Math.Abs(value - rival) <= error ? 0 : IsNearer(value, rival, lowerIsBetter(one.Metric!)) ? -1 : 1;
        }
    }

    private static IEnumerable<(ImagePair First, ImagePair Second)> Pairs(ImagePair[] pairs) =>
        pairs.SelectMany((first, index) => pairs.Skip(index + 1).Select(second => (first, second)));

    private static bool IsNearer(double value, double than, bool lowerIsBetter) => lowerIsBetter ? value < than : value > than;
}
