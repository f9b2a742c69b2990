using System.Globalization;
using System.Net;
using System.Text;
using Grainy.Core.Experiments;

namespace Grainy.Cli.Experiments;

/// <summary>A line chart with intervals as an SVG picture. Series differ by colour, dash and sign, so that none is told by colour alone.</summary>
internal static class SvgChart
{
    private const int Width = 800;
    private const int Height = 420;
    private const int Left = 70;
    private const int Top = 16;
    private const int PlotWidth = 700;
    private const int PlotHeight = 300;

    // Okabe and Ito's colours, told apart by all kinds of sight, on light and dark grounds.
    private static readonly string[] Colours = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9"];
    private static readonly string[] Dashes = ["", "6 3", "2 3", "8 3 2 3", "", "6 3"];

    public static string Draw(ExperimentPlot plot, IReadOnlyList<ExperimentRow> rows)
    {
        var series = rows.Where(row => double.IsFinite(row.Value)).GroupBy(row => row.Series).ToArray();
        if (series.Length == 0)
        {
            return "<p>No finite values.</p>";
        }

        var logarithmic = plot.Logarithmic && rows.All(row => row.X > 0);
        double Place(double x) => logarithmic ? Math.Log10(x) : x;
        var xs = Padded([.. series.SelectMany(group => group.Select(row => Place(row.X)))]);
        var ys = Padded([.. series.SelectMany(group => group.SelectMany(row => new[] { row.Value, row.Low, row.High })).Where(double.IsFinite)]);
        double X(double x) => Left + ((Place(x) - xs.Low) / (xs.High - xs.Low) * PlotWidth);
        double Y(double y) => Top + PlotHeight - ((Math.Clamp(y, ys.Low, ys.High) - ys.Low) / (ys.High - ys.Low) * PlotHeight);

        var text = new StringBuilder();
        Write(text, $"<svg viewBox=\"0 0 {Width} {Height + (22 * series.Length)}\" role=\"img\" aria-label=\"{Safe(plot.Title)}\" font-size=\"13\" fill=\"currentColor\">");
        foreach (var y in Ticks(ys.Low, ys.High))
        {
            Write(text, $"<line x1=\"{Left}\" x2=\"{Left + PlotWidth}\" y1=\"{Y(y):F1}\" y2=\"{Y(y):F1}\" stroke=\"currentColor\" stroke-opacity=\".15\"/><text x=\"{Left - 8}\" y=\"{Y(y) + 4:F1}\" text-anchor=\"end\">{y:G4}</text>");
        }

        foreach (var x in logarithmic ? rows.Select(row => row.X).Distinct().Where((_, i) => i % Math.Max(1, rows.Select(row => row.X).Distinct().Count() / 8) == 0) : Ticks(xs.Low, xs.High))
        {
            Write(text, $"<text x=\"{X(x):F1}\" y=\"{Top + PlotHeight + 20}\" text-anchor=\"middle\">{x:G3}</text>");
        }

        Write(text, $"<text x=\"{Left + (PlotWidth / 2)}\" y=\"{Top + PlotHeight + 42}\" text-anchor=\"middle\">{Safe(plot.XTitle)}{(logarithmic ? " (logarithmic)" : "")}</text>");
        Write(text, $"<text transform=\"translate(16 {Top + (PlotHeight / 2)}) rotate(-90)\" text-anchor=\"middle\">{Safe(plot.YTitle)}</text>");
        for (var i = 0; i < series.Length; i++)
        {
            var colour = Colours[i % Colours.Length];
            var means = series[i].GroupBy(row => row.X).OrderBy(group => group.Key).Select(group => (X: group.Key, Y: group.Average(row => row.Value))).ToArray();
            Write(text, $"<polyline fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\" stroke-dasharray=\"{Dashes[i % Dashes.Length]}\" points=\"{string.Join(' ', means.Select(mean => FormattableString.Invariant($"{X(mean.X):F1},{Y(mean.Y):F1}")))}\"/>");
            foreach (var row in series[i])
            {
                Write(text, $"<line x1=\"{X(row.X):F1}\" x2=\"{X(row.X):F1}\" y1=\"{Y(row.Low):F1}\" y2=\"{Y(row.High):F1}\" stroke=\"{colour}\" stroke-opacity=\".5\"/>{Sign(i, X(row.X), Y(row.Value), colour)}");
            }

            var line = Top + PlotHeight + 70 + (22 * i);
            Write(text, $"{Sign(i, Left + 8, line - 4, colour)}<text x=\"{Left + 22}\" y=\"{line}\">{Safe(series[i].Key)}</text>");
        }

        return text.Append("</svg>").ToString();
    }

    private static string Sign(int series, double x, double y, string colour) => (series % 3) switch
    {
        0 => FormattableString.Invariant($"<circle cx=\"{x:F1}\" cy=\"{y:F1}\" r=\"4\" fill=\"{colour}\"/>"),
        1 => FormattableString.Invariant($"<rect x=\"{x - 4:F1}\" y=\"{y - 4:F1}\" width=\"8\" height=\"8\" fill=\"{colour}\"/>"),
        _ => FormattableString.Invariant($"<path d=\"M{x:F1} {y - 5:F1} l5 9 h-10 z\" fill=\"{colour}\"/>"),
    };

    private static (double Low, double High) Padded(double[] values)
    {
        var (low, high) = (values.Min(), values.Max());
        var margin = high > low ? 0.05 * (high - low) : Math.Max(0.5, Math.Abs(low) * 0.05);
        return (low - margin, high + margin);
    }

    // Steps of 1, 2 or 5 times a power of ten, about six of them.
    private static IEnumerable<double> Ticks(double low, double high)
    {
        var rough = (high - low) / 6;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * (rough / power < 1.5 ? 1 : rough / power < 3.5 ? 2 : rough / power < 7.5 ? 5 : 10);
        for (var tick = Math.Ceiling(low / step) * step; tick <= high; tick += step)
        {
            yield return Math.Abs(tick) < step / 1e6 ? 0 : tick;
        }
    }

    private static void Write(StringBuilder text, FormattableString line) => text.Append(line.ToString(CultureInfo.InvariantCulture));

    private static string Safe(string text) => WebUtility.HtmlEncode(text);
}
