using System.Globalization;
using System.Text;
using Grainy.Cli.Output;
using Grainy.Core.Experiments;

namespace Grainy.Cli.Experiments;

/// <summary>
/// The folder of an experiment. Its CSV grows by whole trainings, each written with all before it or not at all, so that an interrupted experiment goes on after the
/// last finished one.
/// </summary>
internal sealed class ExperimentFiles
{
    private const string Heading = "case,plot,series,x,repeat,value,low,high,truth,steps,seconds";

    private readonly string _folder;
    private readonly List<(string Case, ExperimentRow Row)> _rows = [];

    /// <exception cref="CommandFailedException">The folder holds another experiment, or a file that was changed by hand.</exception>
    public ExperimentFiles(string folder, ExperimentFacts facts)
    {
        (_folder, Facts) = (folder, facts);
        if (!File.Exists(Csv))
        {
            return;
        }

        var lines = File.ReadAllLines(Csv);
        if (lines.Length < 2 || lines[0] != $"# {facts}" || lines[1] != Heading)
        {
            throw new CommandFailedException(
                $"{Csv} belongs to another experiment ({(lines.Length > 0 ? lines[0].TrimStart('#', ' ') : "empty")}), this one is {facts}; choose another --out, or delete the file");
        }

        foreach (var (line, number) in lines.Skip(2).Select((line, i) => (line, i + 3)))
        {
            _rows.Add(Parse(line) ?? throw new CommandFailedException($"{Csv}: line {number} cannot be read; delete the file to begin anew"));
        }
    }

    public ExperimentFacts Facts { get; }

    public string Csv => Path.Combine(_folder, "experiment.csv");

    public IReadOnlySet<string> Done => _rows.Select(row => row.Case).ToHashSet();

    public IReadOnlyList<ExperimentRow> Rows => [.. _rows.Select(row => row.Row)];

    public void Add(string key, IEnumerable<ExperimentRow> rows)
    {
        _rows.AddRange(rows.Select(row => (key, row)));
        var text = new StringBuilder($"# {Facts}\n{Heading}\n");
        foreach (var (name, row) in _rows)
        {
            text.Append(string.Join(',', Quoted(name), row.Plot, Quoted(row.Series), Number(row.X), Number(row.Repeat), Number(row.Value), Number(row.Low), Number(row.High), row.Truth is { } truth ? Number(truth) : "", Number(row.Steps), Number(row.Seconds))).Append('\n');
        }

        OutputFile.Write(Csv, stream => stream.Write(Encoding.UTF8.GetBytes(text.ToString())));
    }

    public string WriteReport(string html)
    {
        var path = Path.Combine(_folder, "report.html");
        OutputFile.Write(path, stream => stream.Write(Encoding.UTF8.GetBytes(html)));
        return path;
    }

    private static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);

    // Names hold commas but never quotes.
    private static string Quoted(string text) => $"\"{text}\"";

    private static (string, ExperimentRow)? Parse(string line)
    {
        if (line.Split('"') is not ["", var name, var plot, var series, var rest] || rest.Split(',') is not ["", .. { Length: 8 } cells])
        {
            return null;
        }

        var numbers = cells.Select(cell => double.TryParse(cell, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : (double?)null).ToArray();
        return numbers is [{ } x, { } repeat, { } value, { } low, { } high, var truth, { } steps, { } seconds]
            ? (name, new ExperimentRow(plot.Trim(','), series, x, (int)repeat, value, low, high, truth, (long)steps, seconds))
            : null;
    }
}
