using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>What a comparison wants measured.</summary>
/// <param name="Images">In the comparison's order.</param>
/// <param name="Open">Cells without a final value, metric by metric, quick ones first.</param>
internal sealed record ScoreWork(WorkspaceId Workspace, ComparisonLayout Layout, ComparisonImage[] Images, IReadOnlyList<ComparisonCell> Open)
{
    /// <summary>Places of the images of each pair.</summary>
    public IReadOnlyList<(int First, int Second)> Pairs { get; } = ComparisonPairs.Of(Layout, Images.Length);

    /// <param name="known">Names of all metrics, quick ones first.</param>
    public static async Task<ScoreWork> ReadAsync(IComparisonGrain comparison, WorkspaceId workspace, IReadOnlyList<string> known)
    {
        var snapshot = await comparison.GetAsync();
        if (snapshot.Workspace != workspace)
        {
            throw new RefusedException(Refusal.NotFound, "This comparison does not exist in the workspace; make a new one.");
        }

        var images = await comparison.GetImagesAsync(0, 30);
        var open = new List<ComparisonCell>();
        for (ComparisonCell[] page = await comparison.GetCellsAsync(0, 60); page.Length > 0; page = await comparison.GetCellsAsync(page[^1].Revision, 60))
        {
            open.AddRange(page.Where(cell => cell.State is CellState.Waiting or CellState.Measuring));
        }

        var order = known.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return new ScoreWork(
            workspace, snapshot.Layout, images, [.. open.OrderBy(cell => order.GetValueOrDefault(cell.Metric, int.MaxValue)).ThenBy(cell => cell.Pair)]);
    }

    /// <summary>Places of a cell's images.</summary>
    public (int First, int Second) PairOf(ComparisonCell cell) => Pairs[cell.Pair];

    /// <summary>Hashes of the contents that a cell compares.</summary>
    public (string First, string Second) ContentsOf(ComparisonCell cell) =>
        (Images[PairOf(cell).First].Info.Pixels.Sha256, Images[PairOf(cell).Second].Info.Pixels.Sha256);
}
