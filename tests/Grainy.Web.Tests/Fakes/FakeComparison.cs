using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Metrics;

namespace Grainy.Web.Tests.Fakes;

internal sealed class FakeComparison(FakeCluster cluster) : FakeTopic<ComparisonSnapshot>(cluster), IComparisonGrain
{
    /// <summary>What was asked for when it was made.</summary>
    public ComparisonPlan? Plan { get; private set; }

    public int Measurements { get; private set; }

    public bool Cancelled { get; private set; }

    public List<(string? Metric, int? Pair)> Refinements { get; } = [];

    public List<ComparisonImage> Images { get; } = [];

    public List<ComparisonCell> Cells { get; } = [];

    public Dictionary<(int Pair, string Metric), ComparisonMap> Maps { get; } = [];

    public Task CreateAsync(WorkspaceId workspace, ImageRef left, ImageRef right) =>
        CreateSetAsync(workspace, new ComparisonPlan(ComparisonLayout.Reference, [left, right], []));

    public Task CreateSetAsync(WorkspaceId workspace, ComparisonPlan plan)
    {
        Called();
        Plan = plan;
        return Task.CompletedTask;
    }

    public Task<JobId> ScoreAsync()
    {
        Called();
        Measurements++;
        return Task.FromResult(new JobId("job-score"));
    }

    public Task<JobId> RefineAsync(string? metric, int? pair)
    {
        Called();
        Refinements.Add((metric, pair));
        return Task.FromResult(new JobId("job-refine"));
    }

    public Task CancelAsync()
    {
        Called();
        Cancelled = true;
        return Task.CompletedTask;
    }

    public Task<ComparisonSnapshot> GetAsync() => Task.FromResult(Stamped());

    public Task<ComparisonImage[]> GetImagesAsync(int skip, int take) => Task.FromResult(Images.Skip(skip).Take(take).ToArray());

    public Task<ComparisonCell[]> GetCellsAsync(long since, int take)
    {
        Called();
        return Task.FromResult(Cells.Where(cell => cell.Revision > since).OrderBy(cell => cell.Revision).Take(take).ToArray());
    }

    public Task<ComparisonMap> MapAsync(int pair, string metric)
    {
        Called();
        if (!Maps.TryGetValue((pair, metric), out var map))
        {
            Maps[(pair, metric)] = map = new ComparisonMap { Pair = pair, Metric = metric, Job = new JobId($"job-map-{pair}") };
        }

        return Task.FromResult(map);
    }

    public Task<ComparisonMap?> GetMapAsync(int pair, string metric) => Task.FromResult(Maps.GetValueOrDefault((pair, metric)));

    public Task AddMapAsync(ComparisonMap map) => Task.CompletedTask;

    public Task AddScoresAsync(JobId job, MetricScore[] scores) => Task.CompletedTask;

    public Task AddCellsAsync(JobId job, ComparisonCell[] cells) => Task.CompletedTask;
}

internal sealed class FakeMetrics : IMetricsGrain
{
    public List<MetricChoice> Choices { get; } = [new("psnr", true, null), new("ssim", true, null), new("elpips-builtin", true, null)];

    public Task<MetricChoice[]> ListAsync() => Task.FromResult(Choices.ToArray());
}
