using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Core.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>How far a comparison is, and how long it will take: each metric at the speed that was seen of it, before that at one guessed from the others.</summary>
internal sealed class ScoreProgress(JobRun run, IReadOnlyList<ComparisonCell> cells, TimeProvider clock)
{
    private readonly long _startedAt = clock.GetTimestamp();
    private readonly Dictionary<string, (double Cost, double Seconds)> _seen = [];
    private readonly double _total = cells.Sum(CostOf);
    private long _cellStartedAt;
    private double _done;
    private int _settled;

    /// <summary>A cell is begun.</summary>
    public void Begin(ComparisonCell cell)
    {
        _cellStartedAt = clock.GetTimestamp();
        Report(cell, 0);
    }

    /// <summary>A cell has got so far.</summary>
    public void Reach(ComparisonCell cell, MetricResult result) =>
        Report(cell, result.Final ? 1 : result.StandardError is null ? 0 : Math.Min(1, result.Samples / (double)SamplingGoal.MostSamples(cell)));

    /// <summary>A cell is done.</summary>
    public void Done(ComparisonCell cell)
    {
        var seen = _seen.GetValueOrDefault(cell.Metric);
        _seen[cell.Metric] = (seen.Cost + CostOf(cell), seen.Seconds + clock.GetElapsedTime(_cellStartedAt).TotalSeconds);
        _done += CostOf(cell);
        _settled++;
        Report(cell, 0);
    }

    private void Report(ComparisonCell cell, double share) => run.Report(new JobProgress
    {
        Step = _settled,
        Steps = cells.Count,
        Fraction = Math.Min(1, (_done + (share * CostOf(cell))) / Math.Max(1, _total)),
        Activity = cells.Count == 1 ? $"measuring {cell.Metric}" : $"measuring {cell.Metric}, {Math.Min(_settled + 1, cells.Count)} of {cells.Count} values",
        ElapsedSeconds = clock.GetElapsedTime(_startedAt).TotalSeconds,
        EtaSeconds = Eta(share),
    });

    private double? Eta(double share)
    {
        var (cost, seconds) = _seen.Values.Aggregate((Cost: 0.0, Seconds: 0.0), (sum, next) => (sum.Cost + next.Cost, sum.Seconds + next.Seconds));
        if (_settled >= cells.Count)
        {
            return 0;
        }

        var current = clock.GetElapsedTime(_cellStartedAt).TotalSeconds;
        if (share > 0.05 && !_seen.ContainsKey(cells[_settled].Metric))
        {
            (cost, seconds) = (CostOf(cells[_settled]) * share, current); // the first of its kind tells more than any guess
        }

        if (cost == 0)
        {
            return null;
        }

        var rest = cells.Skip(_settled).Sum(cell => CostOf(cell) * RateOf(cell.Metric));
        return Math.Max(0, rest - (CostOf(cells[_settled]) * share * RateOf(cells[_settled].Metric)));

        double RateOf(string metric) => _seen.TryGetValue(metric, out var seen) ? seen.Seconds / seen.Cost : seconds / cost;
    }

    // Rough, and in proportion only: what one value takes beside another.
    private static double CostOf(ComparisonCell cell) => cell.Metric switch
    {
        "psnr" => 1,
        "ssim" or "ms-ssim" => 10,
        _ when cell.Metric.StartsWith("elpips", StringComparison.Ordinal) && !cell.Metric.StartsWith("elpips-lpips", StringComparison.Ordinal) =>
            10.0 * Math.Max(1, SamplingGoal.MostSamples(cell) - (cell.Score?.Samples ?? 0)),
        _ => 20,
    };
}
