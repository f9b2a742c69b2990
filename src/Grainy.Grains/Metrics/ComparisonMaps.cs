using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;

namespace Grainy.Grains.Metrics;

/// <summary>The maps of a comparison: a bounded number, the oldest make room.</summary>
internal static class ComparisonMaps
{
    public const int Most = 40;

    extension(ComparisonMap map)
    {
        /// <summary>True while a job makes it.</summary>
        public bool IsUnderWay => map.State is JobState.Queued or JobState.Running;
    }

    public static ComparisonMap? Find(this ComparisonRecord record, int pair, string metric) =>
        Array.Find(record.Maps, map => map.Pair == pair && map.Metric == metric);

    /// <summary>Puts a map in the place of the earlier one of the same pair and metric.</summary>
    public static ComparisonRecord With(this ComparisonRecord record, ComparisonMap map) => record with
    {
        Maps = [.. record.Maps.Where(other => (other.Pair, other.Metric) != (map.Pair, map.Metric)).Append(map).TakeLast(Most)],
    };

    /// <summary>Takes in the state of the job that makes a map; the record as it is when no map of it is kept.</summary>
    public static ComparisonRecord WithMapState(this ComparisonRecord record, JobId job, JobState state, string? problem) =>
        Array.Find(record.Maps, map => map.Job == job) is { } map && (map.State, map.Problem) != (state, problem)
            ? record with { Maps = [.. record.Maps.Select(other => other == map ? map with { State = state, Problem = problem } : other)] }
            : record;
}
