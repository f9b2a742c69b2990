using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Metrics;

/// <summary>A comparison in memory that a page can be shown of.</summary>
internal static class SomeComparison
{
    public static ComparisonCell Cell(int pair, string metric, double value, double? error = null, int samples = 200) => new()
    {
        Pair = pair,
        Metric = metric,
        State = CellState.Done,
        Score = new MetricScore(metric, value, error, error is null ? 1 : samples, 1, $"{metric} fingerprint", true),
    };

    /// <summary>Images named a, b, c…; cells without a value where none is given.</summary>
    public static ComparisonSnapshot Fill(FakeComparison grain, int images, ComparisonLayout layout, string[] metrics, params ComparisonCell[] cells)
    {
        grain.Images.Clear();
        grain.Images.AddRange(Enumerable.Range(0, images).Select(place => $"{(char)('a' + place)}").Select(name =>
            new ComparisonImage(new ImageRef(new DatasetId("ds-a"), new ImageId($"im-{name}")), Some.Image(name))));
        grain.Cells.Clear();
        grain.Cells.AddRange(Enumerable.Range(0, ComparisonPairs.Of(layout, images).Count).SelectMany(pair => metrics.Select(metric => (pair, metric)))
            .Select((place, index) => (Array.Find(cells, cell => (cell.Pair, cell.Metric) == place) ?? new ComparisonCell { Pair = place.pair, Metric = place.metric })
                with
            { Revision = index + 1 }));
        return Snapshot(grain, layout, metrics);
    }

    /// <summary>Replaces cells and gives them new revisions.</summary>
    public static ComparisonSnapshot Change(FakeComparison grain, params ComparisonCell[] cells)
    {
        foreach (var cell in cells)
        {
            var place = grain.Cells.FindIndex(other => (other.Pair, other.Metric) == (cell.Pair, cell.Metric));
            grain.Cells[place] = cell with { Revision = grain.Cells.Max(other => other.Revision) + 1 };
        }

        return grain.State! with { Revision = grain.Cells.Max(cell => cell.Revision), CellsSettled = Settled(grain) };
    }

    private static ComparisonSnapshot Snapshot(FakeComparison grain, ComparisonLayout layout, string[] metrics) => new()
    {
        Id = new ComparisonId("cmp-1"),
        Workspace = WorkspaceId.Main,
        Left = grain.Images[0].Ref,
        Right = grain.Images[1].Ref,
        LeftInfo = grain.Images[0].Info,
        RightInfo = grain.Images[1].Info,
        Layout = layout,
        Images = grain.Images.Count,
        Metrics = metrics,
        Cells = grain.Cells.Count,
        CellsSettled = Settled(grain),
        Revision = grain.Cells.Max(cell => cell.Revision),
        Title = "a and others",
        JobState = JobState.Succeeded,
    };

    private static int Settled(FakeComparison grain) => grain.Cells.Count(cell => cell.State is CellState.Done or CellState.Failed);
}
