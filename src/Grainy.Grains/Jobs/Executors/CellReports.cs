using Grainy.Contracts.Metrics;
using Grainy.Core.Metrics;
using Grainy.Grains.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Carries values from the device's thread to the comparison: the newest of each cell, at most four times a second, and none of them lost at the end.</summary>
internal sealed class CellReports(JobRun run, ComparisonId comparison, ScoreWork work, ScoreMemory memory, TimeProvider clock)
{
    private const int AtOnce = 40; // far below what a message may hold
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly Lock _gate = new();
    private readonly Dictionary<(int, string), ComparisonCell> _unsent = [];
    private readonly List<string> _problems = [];
    private Task _sending = Task.CompletedTask;
    private long _sentAt = clock.GetTimestamp();

    /// <summary>The sentences of all cells that could not be measured, in order.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>A cell has a value.</summary>
    public void Note(ComparisonCell cell, MetricResult result) => Put(cell with
    {
        State = result.Final ? CellState.Done : CellState.Measuring,
        Score = new MetricScore(
            result.Metric, result.Value, result.StandardError, result.Samples, unchecked((long)result.Seed), result.Fingerprint, result.Final),
        Problem = null,
        Remembered = false,
    });

    /// <summary>A cell cannot have a value.</summary>
    public void Fail(ComparisonCell cell, string sentence)
    {
        _problems.Add($"{cell.Metric}: {sentence}");
        Put(cell with { State = CellState.Failed, Problem = sentence });
    }

    /// <summary>Hands in whatever is not handed in yet.</summary>
    public async Task FlushAsync()
    {
        await _sending;
        await SendAsync();
    }

    private void Put(ComparisonCell cell)
    {
        lock (_gate)
        {
            _unsent[(cell.Pair, cell.Metric)] = cell;
            if (_sending.IsCompleted && clock.GetElapsedTime(_sentAt) >= Interval)
            {
                _sentAt = clock.GetTimestamp();
                _sending = Task.Run(TrySendAsync);
            }
        }
    }

    // What could not be delivered is delivered with the next values, or its failure ends the run.
    private async Task TrySendAsync()
    {
        try
        {
            await SendAsync();
        }
        catch (Exception error)
        {
            run.LogNotDelivered(error, run.Assignment.Job);
        }
    }

    private async Task SendAsync()
    {
        ComparisonCell[] cells;
        lock (_gate)
        {
            cells = [.. _unsent.Values];
            _unsent.Clear();
        }

        foreach (var some in cells.Chunk(AtOnce))
        {
            try
            {
                // Named as the system's here: the device's thread, from which this starts, belongs to no caller.
                await Caller.AsAsync(Caller.System, () => run.Grains.Comparison(comparison).AddCellsAsync(run.Assignment.Job, some));
            }
            catch
            {
                PutBack(cells);
                throw;
            }
        }

        await memory.RememberAsync(work.Workspace, cells.Where(cell => cell.Score is { Final: true }).Select(cell =>
        {
            var (first, second) = work.ContentsOf(cell);
            return (first, second, cell.Score!, cell.Continuation);
        }));
    }

    private void PutBack(ComparisonCell[] cells)
    {
        lock (_gate)
        {
            foreach (var cell in cells)
            {
                _unsent.TryAdd((cell.Pair, cell.Metric), cell);
            }
        }
    }
}
