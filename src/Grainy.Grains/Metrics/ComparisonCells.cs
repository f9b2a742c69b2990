using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Metrics;

/// <summary>What happens to the cells of a comparison; each change gives the cell a revision of its own.</summary>
internal static class ComparisonCells
{
    /// <summary>More samples than that are not worth their time: the ± shrinks with the square root.</summary>
    public const int MostSamples = 20_000;

    private const int RefinementFactor = 4; // four times the samples, half the ±

    extension(ComparisonCell cell)
    {
        /// <summary>True when a job would find work here.</summary>
        public bool IsOpen => cell.State is CellState.Waiting or CellState.Measuring;

        /// <summary>True when measuring was asked for and gave no final value.</summary>
        public bool IsMissing => cell.Score is not { Final: true };

        /// <summary>True when more samples would make the value better.</summary>
        public bool CanBeRefined => cell is { State: CellState.Done, Score: { StandardError: > 0, Samples: < MostSamples } };
    }

    /// <summary>All pairs by all metrics, unmeasured.</summary>
    public static ComparisonCell[] Of(ComparisonLayout layout, int images, IReadOnlyList<string> metrics) =>
    [
        .. Enumerable.Range(0, ComparisonPairs.Of(layout, images).Count)
            .SelectMany(pair => metrics.Select(metric => (Pair: pair, Metric: metric)))
            .Select((place, index) => new ComparisonCell { Pair = place.Pair, Metric = place.Metric, Revision = index + 1 }),
    ];

    /// <summary>Replaces some cells; null leaves a cell as it is.</summary>
    public static ComparisonRecord Change(this ComparisonRecord record, Func<ComparisonCell, ComparisonCell?> change)
    {
        var revision = record.Revision;
        ComparisonCell[] cells = [.. record.Cells.Select(cell => change(cell) is { } changed && changed != cell ? changed with { Revision = ++revision } : cell)];
        return revision == record.Revision ? record : record with { Cells = cells, Revision = revision };
    }

    /// <summary>Opens again whatever has no final value.</summary>
    public static ComparisonRecord OpenMissing(this ComparisonRecord record) =>
        record.Change(cell => cell.IsMissing ? cell with { State = CellState.Waiting, Problem = null } : null);

    /// <summary>Opens estimates that more samples would make better; all of them get to the same number of samples, so that they stay comparable.</summary>
    public static ComparisonRecord OpenForRefinement(this ComparisonRecord record, string? metric, int? pair)
    {
        var chosen = record.Cells.Where(cell => (metric ?? cell.Metric) == cell.Metric && (pair ?? cell.Pair) == cell.Pair && cell.CanBeRefined).ToArray();
        var goals = chosen.GroupBy(cell => cell.Metric).ToDictionary(
            group => group.Key, group => Math.Min(MostSamples, RefinementFactor * group.Max(cell => cell.Score!.Samples)));
        return record.Change(cell => chosen.Contains(cell)
            ? cell with { State = CellState.Waiting, Goal = goals[cell.Metric], Score = cell.Score! with { Final = false }, Remembered = false }
            : null);
    }

    /// <summary>When nothing measures any more: what has a value keeps it, the rest waits until somebody asks.</summary>
    public static ComparisonRecord Settle(this ComparisonRecord record) => record.Change(cell => cell.IsOpen
        ? cell with { State = cell.Score is null ? CellState.Waiting : CellState.Done }
        : null);

    /// <summary>Takes in what a job has measured.</summary>
    public static ComparisonRecord Merge(this ComparisonRecord record, IReadOnlyList<ComparisonCell> measured)
    {
        var fresh = measured.ToDictionary(cell => (cell.Pair, cell.Metric));
        return record.Change(cell => fresh.GetValueOrDefault((cell.Pair, cell.Metric)) is { } newer
            ? newer with { Revision = cell.Revision, Goal = newer.Goal ?? cell.Goal, Continuation = newer.Continuation ?? cell.Continuation }
            : null);
    }
}
