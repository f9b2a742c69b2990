using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Workspaces;
using Grainy.Core.Metrics.Maps;
using Grainy.Grains.Access;
using Grainy.Grains.Jobs;

namespace Grainy.Grains.Metrics;

// Maps of differences: each is a job of its own, so that it need not wait for values.
internal sealed partial class ComparisonGrain
{
    private readonly Dictionary<JobId, double> _mapFractions = [];

    public async Task<ComparisonMap> MapAsync(int pair, string metric)
    {
        await RequireAsync(WorkspaceRole.Editor);
        if (pair < 0 || pair >= ComparisonPairs.Of(Set.Layout, Set.Images.Length).Count || !Set.Metrics.Contains(metric))
        {
            throw new RefusedException(Refusal.NotFound, "This comparison has no such pair or metric; reload the page.");
        }

        if (!MetricMaps.IsAvailable(metric))
        {
            throw new RefusedException(Refusal.Invalid, $"There is no map by {metric}: its value is no mean over places; choose another metric.");
        }

        if (Set.Find(pair, metric) is { } known && (known.IsUnderWay || known.State == JobState.Succeeded))
        {
            return known;
        }

        var map = new ComparisonMap { Pair = pair, Metric = metric, Job = JobId.New() };
        await SaveAsync(Set.With(map));
        var (first, second) = ComparisonPairs.Of(Set.Layout, Set.Images.Length)[pair];
        await SubmitAsync(
            map.Job, $"Map of {Set.Images[first].Info.Name} and {Set.Images[second].Info.Name}",
            new MapSpec(Id, pair, metric, Set.Images[first].Ref, Set.Images[second].Ref),
            problem => SaveAsync(Set.WithMapState(map.Job, JobState.Failed, problem)));
        return map;
    }

    public async Task<ComparisonMap?> GetMapAsync(int pair, string metric)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return Set.Find(pair, metric);
    }

    public async Task AddMapAsync(ComparisonMap map)
    {
        WorkspaceAccess.RequireSystem();
        if (Set.Find(map.Pair, map.Metric)?.Job == map.Job)
        {
            await SaveAsync(Set.With(map));
        }
    }

    /// <summary>After an activation nobody has told yet how far the maps are.</summary>
    private void CatchUpMaps()
    {
        foreach (var map in Set.Maps.Where(map => map.IsUnderWay))
        {
            JobCatchUp.Schedule(this, () => (map.Job, Array.Find(Set.Maps, other => other.Job == map.Job)?.State), JobChangedAsync);
        }
    }

    private void MapChanged(JobId job, JobState jobState, JobProgress? progress, string? problem)
    {
        if (Array.Exists(Set.Maps, map => map.Job == job))
        {
            state.State = Set.WithMapState(job, jobState, problem);
            _mapFractions[job] = progress?.Fraction ?? 0;
            Live.Changed();
        }
    }

    private MapStatus[] MapStates() =>
        [.. Set.Maps.Select(map => new MapStatus(map.Pair, map.Metric, map.State, _mapFractions.GetValueOrDefault(map.Job), map.Problem))];
}
