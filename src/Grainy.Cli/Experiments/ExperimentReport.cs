using System.Globalization;
using System.Net;
using System.Text;
using Grainy.Core.Experiments;

namespace Grainy.Cli.Experiments;

/// <summary>The results of an experiment as one page that needs no other file and no network.</summary>
internal static class ExperimentReport
{
    private const string Style = """
        :root { color-scheme: light dark; } body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; } td, th { padding: .15rem .8rem .15rem 0; text-align: left; border-bottom: 1px solid #8886; }
        svg { width: 100%; height: auto; } figure { margin: 2rem 0; } summary { cursor: pointer; }
        """;

    public static string Html(ExperimentFacts facts, IReadOnlyList<ExperimentRow> rows)
    {
        var text = new StringBuilder();
        text.Append("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width\">");
        text.Append(CultureInfo.InvariantCulture, $"<title>Experiment: {Safe(facts.Question)}</title><style>{Style}</style></head><body><h1>Experiment: {Safe(facts.Question)}</h1><p>{Safe(facts.ToString())}</p>");
        text.Append("<p>PSNR is measured by a second noisy frame of scenes that no training has seen, without use of clean images; bars are 95 % intervals of one measurement. Lines join the means over repeats, each with a seed and scenes of its own. Between trainings of one kind the spread of the repeats counts, not the bars.</p>");
        foreach (var plot in ExperimentPlots.All)
        {
            var points = rows.Where(row => row.Plot == plot.Name).ToArray();
            if (points.Length == 0)
            {
                continue;
            }

            text.Append(CultureInfo.InvariantCulture, $"<figure><figcaption><h2>{plot.Name}. {Safe(plot.Title)}</h2></figcaption>{SvgChart.Draw(plot, points)}</figure>");
            text.Append("<details><summary>Numbers</summary>").Append(Table(plot, points)).Append("</details>");
        }

        text.Append(Conclusions(rows)).Append("</body></html>\n");
        return text.ToString();
    }

    private static string Table(ExperimentPlot plot, IEnumerable<ExperimentRow> points)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"<table><tr><th>series</th><th>{Safe(plot.XTitle)}</th><th>repeats</th><th>{Safe(plot.YTitle)}</th><th>least to most</th><th>against the truth</th><th>seconds</th></tr>");
        foreach (var group in points.GroupBy(row => (row.Series, row.X)).OrderBy(group => group.Key))
        {
            var truths = group.Select(row => row.Truth).OfType<double>().ToArray();
            text.Append(CultureInfo.InvariantCulture, $"<tr><td>{Safe(group.Key.Series)}</td><td>{group.Key.X:G4}</td><td>{group.Count()}</td><td>{group.Average(row => row.Value):G5}</td><td>{group.Min(row => row.Value):G5} to {group.Max(row => row.Value):G5}</td><td>{(truths.Length > 0 ? truths.Average().ToString("G5", CultureInfo.InvariantCulture) : "–")}</td><td>{group.Average(row => row.Seconds):F1}</td></tr>");
        }

        return text.Append("</table>").ToString();
    }

    // What can be said from these numbers alone; a difference within the spread is called none.
    private static string Conclusions(IReadOnlyList<ExperimentRow> rows)
    {
        var text = new StringBuilder("<h2>Best of each plot</h2><ul>");
        foreach (var plot in ExperimentPlots.All.Where(plot => plot.Name is "A" or "B" or "B2" or "C" or "F2"))
        {
            var groups = rows.Where(row => row.Plot == plot.Name && double.IsFinite(row.Value)).GroupBy(row => (row.Series, row.X)).OrderByDescending(group => group.Average(row => row.Value)).ToArray();
            if (groups.Length < 2)
            {
                continue;
            }

            var (best, next) = (groups[0], groups.FirstOrDefault(group => group.Key.Series != groups[0].Key.Series) ?? groups[1]);
            var gap = best.Average(row => row.Value) - next.Average(row => row.Value);
            var clear = best.Count() > 1 && best.Min(row => row.Value) > next.Max(row => row.Value);
            text.Append(CultureInfo.InvariantCulture, $"<li>{plot.Name}: {Safe(best.Key.Series)} at {best.Key.X:G4} ({Safe(plot.XTitle)}), {best.Average(row => row.Value):F2} dB; {gap:F2} dB over {Safe(next.Key.Series)} at {next.Key.X:G4}{(clear ? ", beyond the spread of the repeats" : "; too little to tell, or too few repeats")}.</li>");
        }

        return text.Append(BreakEven(rows)).Append("</ul>").ToString();
    }

    // Where the curve of clean targets falls below that of pairs, between two prices on a logarithmic scale.
    private static string BreakEven(IReadOnlyList<ExperimentRow> rows)
    {
        var plot = rows.Where(row => row.Plot == "D" && double.IsFinite(row.Value)).ToArray();
        var (pairs, clean) = (plot.Where(row => row.Series.StartsWith("pairs", StringComparison.Ordinal)).ToArray(), plot.Where(row => row.Series.StartsWith("clean", StringComparison.Ordinal))
            .GroupBy(row => row.X).OrderBy(group => group.Key).Select(group => (Price: group.Key, Value: group.Average(row => row.Value))).ToArray());
        if (pairs.Length == 0 || clean.Length < 2)
        {
            return "";
        }

        var level = pairs.Average(row => row.Value);
        var at = Array.FindIndex(clean, point => point.Value < level);
        var found = at < 0 ? $"clean targets were better at every price up to {clean[^1].Price:G3} exposures"
            : at == 0 ? $"pairs were better at every price from {clean[0].Price:G3} exposure"
            : string.Create(CultureInfo.InvariantCulture, $"clean targets are worth up to about {Crossing(clean[at - 1], clean[at], level):G2} exposures each");
        return string.Create(CultureInfo.InvariantCulture, $"<li>D: for the same budget, {found} (pairs: {level:F2} dB). The differences are of the size of the intervals unless the plot shows otherwise.</li>");
    }

    private static double Crossing((double Price, double Value) above, (double Price, double Value) below, double level) =>
        above.Price * Math.Pow(below.Price / above.Price, (above.Value - level) / Math.Max(above.Value - below.Value, 1e-9));

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
