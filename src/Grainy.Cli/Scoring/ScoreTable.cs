using System.Globalization;

namespace Grainy.Cli.Scoring;

/// <summary>Scores for people.</summary>
internal static class ScoreTable
{
    private const int MostNotes = 5;

    /// <summary>One pair: a line per metric.</summary>
    public static IReadOnlyList<string[]> OfPair(IEnumerable<ScoreRow> rows) =>
    [
        ["metric", "value (± 95 %)", "standard error", "samples", "fingerprint"],
        .. rows.Select(row => row.Result is { } result
            ? (string[])[row.Metric!, ScoreText.Value(result), ScoreText.Number(result.StandardError), Integer(result.Samples), result.Fingerprint]
            : [row.Metric ?? "-", "-", "-", "-", row.Error!]),
    ];

    /// <summary>Several images: per metric, the most similar one first.</summary>
    public static IReadOnlyList<string[]> OfGroup(ScoreGroup group) =>
    [
        ["metric", "rank", "image", "value (± 95 %)", "standard error", "samples"],
        .. group.Rows.Where(row => row.Result is not null).GroupBy(row => row.Metric).SelectMany(metric => metric.OrderBy(row => row.Rank ?? 1)).Select(row => (string[])
        [
            row.Metric!, row.Rank is { } rank ? Integer(rank) : "-", row.Pair.Image, ScoreText.Value(row.Result!), ScoreText.Number(row.Result!.StandardError),
            Integer(row.Result.Samples),
        ]),
        .. group.Rows.Where(row => row.Result is null).Select(row => (string[])[row.Metric ?? "-", "-", row.Pair.Image, "-", "-", row.Error!]),
    ];

    /// <summary>How sure the order is, and where metrics do not agree on it.</summary>
    public static IEnumerable<string> Notes(ScoreGroup group)
    {
        foreach (var difference in group.Differences)
        {
            yield return difference.Clear
                ? FormattableString.Invariant(
                    $"{difference.Metric}: {difference.Nearer} is nearer than {difference.Farther} by {difference.Difference:F5} ± {difference.HalfWidth:F5}")
                : FormattableString.Invariant(
                    $"{difference.Metric}: {difference.Nearer} and {difference.Farther} cannot be told apart yet ({difference.Difference:F5} ± {difference.HalfWidth:F5})");
        }

        foreach (var conflict in group.Disagreements.Take(MostNotes))
        {
            yield return $"Note: the metrics disagree: {conflict.FirstIsNearer} finds {conflict.First} nearer to the reference, "
                + $"{conflict.SecondIsNearer} finds {conflict.Second} nearer";
        }

        if (group.Disagreements.Count > MostNotes)
        {
            yield return $"Note: the metrics disagree on {group.Disagreements.Count - MostNotes} more pairs of images; --json lists all";
        }
    }

    /// <summary>What E-LPIPS sees under each kind of transform.</summary>
    public static IReadOnlyList<string[]> OfAttribution(IEnumerable<ScoreRow> rows) =>
    [
        ["metric", "image", "transform", "value", "mean distance", "standard error", "samples"],
        .. rows.SelectMany(row => (row.Result?.Attribution ?? []).Select(share => (string[])
        [
            row.Metric!, row.Pair.Image, share.Transform, share.Value, ScoreText.Number(share.Mean), ScoreText.Number(share.StandardError), Integer(share.Samples),
        ])),
    ];

    private static string Integer(int number) => number.ToString(CultureInfo.InvariantCulture);
}
