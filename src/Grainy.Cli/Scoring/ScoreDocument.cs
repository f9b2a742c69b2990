using System.Globalization;

namespace Grainy.Cli.Scoring;

/// <summary>Scores for programs: JSON documents and CSV lines.</summary>
internal static class ScoreDocument
{
    /// <summary>The heading of <see cref="CsvLine"/>.</summary>
    public const string CsvHeading = "reference,image,metric,value,half_width_95,standard_error,samples,seed,rank,fingerprint,error";

    /// <summary>One pair: a document, or a list of them where there are several metrics.</summary>
    public static object OfPair(IReadOnlyList<ScoreRow> rows, bool attribution) =>
        rows is [var single] ? OfRow(single, attribution) : rows.Select(row => OfRow(row, attribution)).ToArray();

    /// <summary>Several pairs: the values, differences of neighbours in rank, and where metrics disagree.</summary>
    public static object OfGroups(IReadOnlyList<ScoreGroup> groups, bool attribution) => new
    {
        results = groups.SelectMany(group => group.Rows).Select(row => OfRow(row, attribution)),
        differences = groups.SelectMany(group => group.Differences).Select(difference => new
        {
            difference.Reference,
            difference.Metric,
            difference.Nearer,
            difference.Farther,
            difference.Difference,
            difference.StandardError,
            difference.HalfWidth,
            difference.Clear,
        }),
        disagreements = groups.SelectMany(group => group.Disagreements),
    };

    public static string CsvLine(ScoreRow row) => string.Join(',', new[]
    {
        row.Pair.Reference, row.Pair.Image, row.Metric ?? "", Number(row.Result?.Value), Number(row.HalfWidth), Number(row.Result?.StandardError),
        row.Result?.Samples.ToString(CultureInfo.InvariantCulture) ?? "", row.Result?.Seed.ToString(CultureInfo.InvariantCulture) ?? "",
        row.Rank?.ToString(CultureInfo.InvariantCulture) ?? "", row.Result?.Fingerprint ?? "", row.Error ?? "",
    }.Select(Quoted));

    private static object OfRow(ScoreRow row, bool attribution) => new
    {
        row.Metric,
        row.Result?.Value,
        row.Result?.StandardError,
        row.HalfWidth,
        row.Result?.Samples,
        row.Result?.Seed,
        row.Result?.Fingerprint,
        row.Result?.PerLayer,
        attribution = attribution ? row.Result?.Attribution : null,
        row.Rank,
        row.Map,
        a = row.Pair.Reference,
        b = row.Pair.Image,
        row.Error,
    };

    private static string Number(double? number) => number is { } value ? value.ToString("R", CultureInfo.InvariantCulture) : "";

    private static string Quoted(string cell) => cell.AsSpan().ContainsAny(",\"\r\n") ? $"\"{cell.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : cell;
}
