using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Does one kind of work. Runs outside the grains, on the pool and on the device's thread; must stop soon after its token asks for it.</summary>
public interface IJobExecutor
{
    /// <summary>True for specs that this executor can do.</summary>
    bool Handles(JobSpec spec);

    /// <summary>Works to the end. A <see cref="RefusedException"/> fails the job with its sentence.</summary>
    /// <exception cref="OperationCanceledException">The run was asked to stop; a checkpoint is committed where there is something to keep.</exception>
    Task<JobResult> RunAsync(JobRun run, CancellationToken cancellationToken);
}
