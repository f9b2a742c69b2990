using Grainy.Contracts;
using Grainy.Contracts.Metrics;
using Grainy.Grains.Tests.Kit;

namespace Grainy.Grains.Tests.Metrics;

/// <summary>Plain examples, and reading to the end.</summary>
internal static class Some
{
    public static ComparisonCell Cell(int pair, string metric, double value, double? error = null, int samples = 200, bool final = true) => new()
    {
        Pair = pair,
        Metric = metric,
        State = final ? CellState.Done : CellState.Measuring,
        Score = new MetricScore(metric, value, error, error is null ? 1 : samples, 1, new string('f', 400), final),
    };

    public static Task<List<ComparisonCell>> CellsAsync(IGrainFactory grains, ComparisonId id) => TestServer.AsOwner(async () =>
    {
        var cells = new List<ComparisonCell>();
        for (ComparisonCell[] page = await grains.Comparison(id).GetCellsAsync(0, 60); page.Length > 0; page = await grains.Comparison(id).GetCellsAsync(page[^1].Revision, 60))
        {
            cells.AddRange(page);
        }

        return cells;
    });
}
