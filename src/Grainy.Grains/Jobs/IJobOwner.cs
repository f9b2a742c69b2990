using Grainy.Contracts.Jobs;
using Orleans.Concurrency;

namespace Grainy.Grains.Jobs;

/// <summary>What a comparison or a blend hears of the job that works for it. Interleaves, because its owner may be waiting for the job at that moment.</summary>
[Alias("grainy.job-owner")]
internal interface IJobOwner : IGrainWithStringKey
{
    /// <summary>The job's state or progress changed; must not wait for anything.</summary>
    [Alias("JobChanged"), AlwaysInterleave]
    Task JobChangedAsync(JobId job, JobState jobState, JobProgress? progress, string? problem);
}
