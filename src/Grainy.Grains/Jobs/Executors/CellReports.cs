using System.Text;
using Grainy.Contracts.Metrics;
using Grainy.Core.Metrics;
using Grainy.Grains.Images;
using Grainy.Grains.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Carries values from the device's thread to the comparison: the newest of each cell, at most four times a second, and none of them lost at the end.</summary>
internal sealed class CellReports(JobRun run, ComparisonId comparison, ScoreWork work, ImageBlobs blobs, ScoreMemory memory, TimeProvider clock)
{
    private const int AtOnce = 40; // far below what a message may hold
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    // What a crash may cost of a long estimate.
    private static readonly TimeSpan KeepInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly Dictionary<(int, string), (ComparisonCell Cell, string? State)> _unsent = [];
    private readonly Dictionary<(int, string), long> _keptAt = [];
    private readonly List<string> _problems = [];
    private Task _sending = Task.CompletedTask;
    private long _sentAt = clock.GetTimestamp();

    /// <summary>The sentences of all cells that could not be measured, in order.</summary>
    public IReadOnlyList<string> Problems => _problems;

    /// <summary>A cell has a value.</summary>
    public void Note(ComparisonCell cell, MetricResult result, ScoreGap? gap)
    {
        var measured = cell with
        {
            State = result.Final ? CellState.Done : CellState.Measuring,
            Score = new MetricScore(
                result.Metric, result.Value, result.StandardError, result.Samples, unchecked((long)result.Seed), result.Fingerprint, result.Final),
            Problem = null,
            Remembered = false,
            Gap = gap ?? cell.Gap,
            Continuation = null,
        };
        Put(measured, result.Continuation);
    }

    /// <summary>A cell cannot have a value.</summary>
    public void Fail(ComparisonCell cell, string sentence)
    {
        _problems.Add($"{cell.Metric}: {sentence}");
        Put(cell with { State = CellState.Failed, Problem = sentence }, null);
    }

    /// <summary>Hands in whatever is not handed in yet.</summary>
    public async Task FlushAsync()
    {
        await _sending;
        await SendAsync(keepAll: true);
    }

    private void Put(ComparisonCell cell, string? state)
    {
        lock (_gate)
        {
            _unsent[(cell.Pair, cell.Metric)] = (cell, state);
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
            await SendAsync(keepAll: false);
        }
        catch (Exception error)
        {
            run.LogNotDelivered(error, run.Assignment.Job);
        }
    }

    private async Task SendAsync(bool keepAll)
    {
        (ComparisonCell Cell, string? State)[] taken;
        lock (_gate)
        {
            taken = [.. _unsent.Values];
            _unsent.Clear();
        }

        try
        {
            var cells = await Task.WhenAll(taken.Select(entry => KeepStateAsync(entry.Cell, entry.State, keepAll)));
            foreach (var some in cells.Chunk(AtOnce))
            {
                // Named as the system's here: the device's thread, from which this starts, belongs to no caller.
                await Caller.AsAsync(Caller.System, () => run.Grains.Comparison(comparison).AddCellsAsync(run.Assignment.Job, some));
            }

            await memory.RememberAsync(work.Workspace, cells.Where(cell => cell.Score is { Final: true }).Select(cell =>
            {
                var (first, second) = work.ContentsOf(cell);
                return (first, second, cell.Score!, cell.Continuation);
            }));
        }
        catch
        {
            PutBack(taken);
            throw;
        }
    }

    // The state of a sampling is stored when it ends, and now and then before: a value that is on its way changes several times a second.
    private async Task<ComparisonCell> KeepStateAsync(ComparisonCell cell, string? state, bool keepAll)
    {
        var key = (cell.Pair, cell.Metric);
        lock (_gate)
        {
            if (state is null || !(keepAll || cell.Score is { Final: true } || clock.GetElapsedTime(_keptAt.GetValueOrDefault(key)) >= KeepInterval))
            {
                return cell;
            }

            _keptAt[key] = clock.GetTimestamp();
        }

        return cell with { Continuation = await blobs.SaveAsync(stream => stream.Write(Encoding.UTF8.GetBytes(state)), "text/plain", CancellationToken.None) };
    }

    private void PutBack((ComparisonCell Cell, string? State)[] taken)
    {
        lock (_gate)
        {
            foreach (var entry in taken)
            {
                _unsent.TryAdd((entry.Cell.Pair, entry.Cell.Metric), entry);
            }
        }
    }
}
