using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Cells that are measured in one go: the same metric and the same reference. What was sampled before goes on by itself.</summary>
internal sealed record ScoreGroup(string Metric, int Reference, ComparisonCell[] Cells)
{
    /// <summary>In samples of four bytes: 600 MB of candidates at once.</summary>
    private const long MostSamples = 150_000_000;

    /// <summary>All open cells, metric by metric.</summary>
    public static IEnumerable<ScoreGroup> Of(ScoreWork work)
    {
        var image = work.Images[0].Info;
        var together = (int)Math.Clamp(MostSamples / ((long)image.Width * image.Height * image.Channels), 1, ComparisonPairs.MostImages);
        return work.Open.GroupBy(cell => cell.Metric).SelectMany(metric =>
            metric.Where(cell => cell.Continuation is null).GroupBy(cell => (work.PairOf(cell).First, cell.Goal))
                .SelectMany(group => group.Chunk(together).Select(cells => new ScoreGroup(metric.Key, group.Key.First, cells)))
                .Concat(metric.Where(cell => cell.Continuation is not null).Select(cell => new ScoreGroup(metric.Key, work.PairOf(cell).First, [cell]))));
    }

    /// <summary>The same cells one by one.</summary>
    public IEnumerable<ScoreGroup> Apart() => Cells.Select(cell => this with { Cells = [cell] });
}
