using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>How far a comparison is, and how long it will take: each metric at the speed that was seen of it, before that at one guessed from the others.</summary>
internal sealed class ScoreProgress(JobRun run, IReadOnlyList<ComparisonCell> cells, SamplingGoal goal, TimeProvider clock)
{
    private const double ShareThatTells = 0.02;

    private readonly long _startedAt = clock.GetTimestamp();
    private readonly Dictionary<(int, string), double> _shares = cells.ToDictionary(cell => (cell.Pair, cell.Metric), _ => 0.0);
    private readonly Dictionary<string, double> _seconds = [];
    private readonly double _total = cells.Sum(CostOf);
    private string _metric = "";
    private long _metricStartedAt;

    /// <summary>A metric is begun.</summary>
    public void Begin(string metric)
    {
        End();
        (_metric, _metricStartedAt) = (metric, clock.GetTimestamp());
        Report();
    }

    /// <summary>A cell has got so far.</summary>
    public void Reach(ComparisonCell cell, MetricResult result)
    {
        _shares[(cell.Pair, cell.Metric)] = result.Final ? 1 : result.Continuation is null ? 0.5 : Math.Min(0.99, result.Samples / (double)goal.SamplesFor(cell, result));
        Report();
    }

    /// <summary>A cell is settled, with a value or without.</summary>
    public void Settle(ComparisonCell cell) => _shares[(cell.Pair, cell.Metric)] = 1;

    private void End()
    {
        if (_metric.Length > 0)
        {
            _seconds[_metric] = clock.GetElapsedTime(_metricStartedAt).TotalSeconds;
        }
    }

    private void Report()
    {
        var settled = _shares.Values.Count(share => share >= 1);
        run.Report(new JobProgress
        {
            Step = settled,
            Steps = cells.Count,
            Fraction = Math.Min(1, cells.Sum(Reached) / Math.Max(1, _total)),
            Activity = cells.Count == 1 ? $"measuring {_metric}" : $"measuring {_metric}, {settled} of {cells.Count} values done",
            ElapsedSeconds = clock.GetElapsedTime(_startedAt).TotalSeconds,
            EtaSeconds = Eta(),
        });
    }

    private double? Eta()
    {
        End();
        var rates = new Dictionary<string, double>();
        foreach (var (metric, seconds) in _seconds)
        {
            var (reached, whole) = (cells.Where(cell => cell.Metric == metric).Sum(Reached), cells.Where(cell => cell.Metric == metric).Sum(CostOf));
            if (reached > ShareThatTells * whole)
            {
                rates[metric] = seconds / reached;
            }
        }

        // A metric that was not begun yet is guessed from the last one: it is the most like it.
        return rates.Count == 0 ? null : cells.Sum(cell => (CostOf(cell) - Reached(cell)) * (rates.TryGetValue(cell.Metric, out var rate) ? rate : rates.Values.Last()));
    }

    private double Reached(ComparisonCell cell) => CostOf(cell) * _shares[(cell.Pair, cell.Metric)];

    // Rough, and in proportion only: what one value takes beside another.
    private static double CostOf(ComparisonCell cell) => cell.Metric switch
    {
        "psnr" => 1,
        "ssim" or "ms-ssim" => 10,
        "elpips-lpips-squeeze" or "elpips-lpips-vgg" => 20,
        _ when cell.Metric.StartsWith("elpips", StringComparison.Ordinal) => 10.0 * Math.Max(1, (cell.Goal ?? MetricOptions.DefaultSamples) - (cell.Score?.Samples ?? 0)),
        _ => 20,
    };
}
