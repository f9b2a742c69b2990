using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Devices;
using Grainy.Core.Metrics;
using Grainy.Grains.Images;
using Grainy.Grains.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>
/// Measures the open cells of a comparison, metric by metric, so that each metric loads its weights once and the quick ones come first. Values reach the
/// comparison as they improve; a later attempt finds there what is done.
/// </summary>
internal sealed class ScoreExecutor(ImageBlobs blobs, MetricCatalog catalog, ScoreMemory memory, TimeProvider clock) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is MeasureSpec or ScoreSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var comparison = run.Assignment.Spec is ScoreSpec earlier ? earlier.Comparison : ((MeasureSpec)run.Assignment.Spec).Comparison;
        var work = await ScoreWork.ReadAsync(run.Grains.Comparison(comparison), run.Assignment.Workspace, catalog.Names);
        var reports = new CellReports(run, comparison, work, memory, clock);
        var progress = new ScoreProgress(run, work.Open, clock);
        var shelf = new ImageShelf(index => blobs.LoadAsync(work.Images[index].Info.Pixels, cancellationToken));
        try
        {
            foreach (var cells in work.Open.GroupBy(cell => cell.Metric))
            {
                await MeasureAsync(run, cells.Key, [.. cells], new Desk(work, shelf, reports, progress), cancellationToken);
            }
        }
        finally
        {
            await reports.FlushAsync(); // also what a request to stop left half-way
        }

        return Outcome(run.Assignment.Spec, work.Open.Count, reports.Problems);
    }

    private static JobResult Outcome(JobSpec spec, int cells, IReadOnlyList<string> problems) => cells > 0 && problems.Count == cells
        ? throw new RefusedException(Refusal.Invalid, string.Join(" ", problems.Distinct().Take(4)))
        : spec is ScoreSpec ? new ScoreResult([]) : new MeasureResult(cells - problems.Count, problems.Count);

    private async Task MeasureAsync(JobRun run, string name, ComparisonCell[] cells, Desk desk, CancellationToken cancellationToken)
    {
        IMetric? metric = null;
        try
        {
            foreach (var cell in cells)
            {
                try
                {
                    metric ??= catalog.Create(name);
                    await MeasureAsync(run, metric, cell, desk, cancellationToken);
                }
                catch (Exception error) when (error is not OperationCanceledException && Sentences.Of(error) is { } sentence)
                {
                    desk.Reports.Fail(cell, sentence); // the other values are of use all the same
                }
            }
        }
        finally
        {
            if (metric is not null)
            {
                // Its tensors belong to the device's thread; a device that stops frees them with itself.
                await Task.WhenAny(run.Worker.RunAsync(_ => Free(metric), DeviceLane.Interactive, CancellationToken.None));
            }
        }
    }

    private static async Task MeasureAsync(JobRun run, IMetric metric, ComparisonCell cell, Desk desk, CancellationToken cancellationToken)
    {
        var (first, second) = desk.Work.PairOf(cell);
        var (left, right) = (await desk.Shelf.GetAsync(first), await desk.Shelf.GetAsync(second));
        var options = SamplingGoal.For(cell);
        await run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);
        desk.Progress.Done(cell);

        IEnumerable<bool> Slices(CancellationToken token)
        {
            desk.Progress.Begin(cell);
            foreach (var result in metric.Measure(left, right, options, token))
            {
                desk.Reports.Note(cell, result);
                desk.Progress.Reach(cell, result);
                yield return true;
            }
        }
    }

    private static bool Free(IMetric metric)
    {
        metric.Dispose();
        return true;
    }

    /// <summary>What one run works with.</summary>
    private sealed record Desk(ScoreWork Work, ImageShelf Shelf, CellReports Reports, ScoreProgress Progress);
}
