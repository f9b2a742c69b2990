using System.Globalization;
using System.Text;
using Grainy.Contracts.Metrics;

namespace Grainy.Host.Endpoints;

/// <summary>All values of a comparison as a table to take along.</summary>
internal sealed class ScoreSheet(IReadOnlyList<ScoreRow> rows)
{
    public IReadOnlyList<ScoreRow> Rows => rows;

    /// <summary>Reads all cells, for whoever the call is made for.</summary>
    public static async Task<ScoreSheet> ReadAsync(IComparisonGrain comparison)
    {
        var snapshot = await comparison.GetAsync();
        var images = await comparison.GetImagesAsync(0, 30);
        var pairs = ComparisonPairs.Of(snapshot.Layout, images.Length);
        var cells = new List<ComparisonCell>();
        for (ComparisonCell[] page = await comparison.GetCellsAsync(0, 60); page.Length > 0; page = await comparison.GetCellsAsync(page[^1].Revision, 60))
        {
            cells.AddRange(page);
        }

        return new ScoreSheet(
        [
            .. cells.DistinctBy(cell => (cell.Pair, cell.Metric)).OrderBy(cell => cell.Pair).ThenBy(cell => Array.IndexOf(snapshot.Metrics, cell.Metric))
                .Select(cell => ScoreRow.Of(images[pairs[cell.Pair].First].Info.Name, images[pairs[cell.Pair].Second].Info.Name, cell)),
        ]);
    }

    /// <summary>RFC 4180 with a header line, UTF-8, a dot as decimal sign.</summary>
    public byte[] Csv()
    {
        var text = new StringBuilder("first,second,metric,value,standard_error,samples,seed,final,fingerprint,problem\r\n");
        foreach (var row in rows)
        {
            text.AppendJoin(',', ((object?[])[row.First, row.Second, row.Metric, row.Value, row.StandardError, row.Samples, row.Seed, row.Final, row.Fingerprint, row.Problem]).Select(Field)).Append("\r\n");
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    private static string Field(object? value)
    {
        var text = value is bool truth ? (truth ? "true" : "false") : Convert.ToString(value, CultureInfo.InvariantCulture) ?? "";
        if (value is not string)
        {
            return text;
        }

        // A spreadsheet would take a name that begins like this for a formula and run it.
        var harmless = text is ['=' or '+' or '-' or '@' or '\t' or '\r', ..] ? $"'{text}" : text;
        return harmless.AsSpan().IndexOfAny(",\"\r\n") < 0 ? harmless : $"\"{harmless.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }
}

/// <summary>One line of the table; value and all after it are null where nothing was measured.</summary>
internal sealed record ScoreRow(
    string First, string Second, string Metric, double? Value, double? StandardError, int? Samples, long? Seed, bool? Final, string? Fingerprint, string? Problem)
{
    public static ScoreRow Of(string first, string second, ComparisonCell cell) => new(
        first, second, cell.Metric, cell.Score?.Value, cell.Score?.StandardError, cell.Score?.Samples, cell.Score?.Seed, cell.Score?.Final, cell.Score?.Fingerprint, cell.Problem);
}
