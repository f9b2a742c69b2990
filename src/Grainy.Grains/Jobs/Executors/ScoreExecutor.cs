using System.Text;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Devices;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Grains.Images;
using Grainy.Grains.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>
/// Measures the open cells of a comparison, metric by metric, so that each metric loads its weights once and the quick ones come first. Candidates of one
/// reference go together, under the same random transforms. Values reach the comparison as they improve; a later attempt finds there what is done.
/// </summary>
internal sealed class ScoreExecutor(ImageBlobs blobs, MetricCatalog catalog, ScoreMemory memory, TimeProvider clock) : IJobExecutor
{
    public bool Handles(JobSpec spec) => spec is MeasureSpec or ScoreSpec;

    public async Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken)
    {
        var comparison = run.Assignment.Spec is ScoreSpec earlier ? earlier.Comparison : ((MeasureSpec)run.Assignment.Spec).Comparison;
        var work = await ScoreWork.ReadAsync(run.Grains.Comparison(comparison), run.Assignment.Workspace, catalog.Names);
        var goal = SamplingGoal.Of(work);
        var reports = new CellReports(run, comparison, work, blobs, memory, clock);
        var shelf = new ImageShelf(index => blobs.LoadAsync(work.Images[index].Info.Pixels, cancellationToken));
        var desk = new Desk(run, work, goal, shelf, reports, new ScoreProgress(run, work.Open, goal, clock));
        try
        {
            foreach (var metric in ScoreGroup.Of(work).GroupBy(group => group.Metric))
            {
                await MeasureAsync(metric.Key, metric, desk, cancellationToken);
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

    private async Task MeasureAsync(string name, IEnumerable<ScoreGroup> groups, Desk desk, CancellationToken cancellationToken)
    {
        IMetric? metric = null;
        desk.Progress.Begin(name);
        var waiting = new Stack<ScoreGroup>(groups.Reverse());
        try
        {
            while (waiting.TryPop(out var group))
            {
                try
                {
                    metric ??= catalog.Create(name);
                    await MeasureAsync(metric, group, desk, cancellationToken);
                }
                catch (ArgumentException error) when (error is not MetricInputException && group.Cells[0].Continuation is not null)
                {
                    waiting.Push(group with { Cells = [group.Cells[0] with { Continuation = null }] }); // sampled by another version: begin anew
                }
                catch (Exception error) when (error is not OperationCanceledException && Sentences.Of(error) is not null && group.Cells.Length > 1)
                {
                    foreach (var cell in group.Apart().Reverse())
                    {
                        waiting.Push(cell); // one image that cannot be measured must not cost the values of the others
                    }
                }
                catch (Exception error) when (error is not OperationCanceledException && Sentences.Of(error) is { } sentence)
                {
                    desk.Reports.Fail(group.Cells[0], sentence);
                    desk.Progress.Settle(group.Cells[0]);
                }
            }
        }
        finally
        {
            if (metric is not null)
            {
                // Its tensors belong to the device's thread; a device that stops frees them with itself.
                await Task.WhenAny(desk.Run.Worker.RunAsync(_ => Free(metric), DeviceLane.Interactive, CancellationToken.None));
            }
        }
    }

    private async Task MeasureAsync(IMetric metric, ScoreGroup group, Desk desk, CancellationToken cancellationToken)
    {
        var reference = await desk.Shelf.GetAsync(group.Reference);
        var candidates = new ImageBuffer[group.Cells.Length];
        for (var i = 0; i < candidates.Length; i++)
        {
            candidates[i] = await desk.Shelf.GetAsync(desk.Work.PairOf(group.Cells[i]).Second);
        }

        var state = group.Cells[0].Continuation is { } blob ? Encoding.UTF8.GetString(await blobs.LoadBytesAsync(blob, cancellationToken)) : null;
        var options = desk.Goal.For(group.Cells[0], state);
        await desk.Run.Worker.RunSlicesAsync(Slices, DeviceLane.Interactive, cancellationToken);

        IEnumerable<bool> Slices(CancellationToken token)
        {
            var seen = new MetricResult?[candidates.Length];
            foreach (var batch in metric.MeasureMany(reference, candidates, options, token))
            {
                for (var i = 0; i < batch.Results.Count; i++)
                {
                    if (ReferenceEquals(seen[i], batch.Results[i]))
                    {
                        continue; // done in an earlier step
                    }

                    seen[i] = batch.Results[i];
                    desk.Progress.Reach(group.Cells[i], batch.Results[i]);
                    desk.Reports.Note(group.Cells[i], batch.Results[i], GapOf(i, batch, group));
                }

                yield return true;
            }
        }
    }

    private static ScoreGap? GapOf(int candidate, MetricBatch batch, ScoreGroup group) =>
        batch.Differences.FirstOrDefault(difference => difference.First == candidate) is { } found && double.IsFinite(found.StandardError)
            ? new ScoreGap(group.Cells[found.Second].Pair, found.Difference, found.StandardError)
            : null;

    private static bool Free(IMetric metric)
    {
        metric.Dispose();
        return true;
    }

    /// <summary>What one run works with.</summary>
    private sealed record Desk(JobRun Run, ScoreWork Work, SamplingGoal Goal, ImageShelf Shelf, CellReports Reports, ScoreProgress Progress);
}
