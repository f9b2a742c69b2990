using Grainy.Contracts.Jobs;

namespace Grainy.Grains.Jobs;

/// <summary>
/// What the owner of a job knows of it is not stored at each change; after an activation it asks once. Not during the activation: the job may be the one who
/// waits for it.
/// </summary>
internal static class JobCatchUp
{
    public static void Schedule(
        IGrainBase owner, Func<(JobId? Job, JobState? State)> known, Func<JobId, JobState, JobProgress?, string?, Task> changed)
    {
        if (known() is not ({ } id, JobState.Queued or JobState.Running or JobState.Cancelling))
        {
            return;
        }

        var grains = owner.GrainContext.ActivationServices.GetService(typeof(IGrainFactory)) as IGrainFactory;
        owner.RegisterGrainTimer(
            async _ =>
            {
                try
                {
                    var job = await Caller.AsAsync(Caller.System, () => grains!.Job(id).GetAsync());
                    await changed(id, job.State, job.Progress, job.Problem);
                }
                catch (RefusedException refused) when (refused.Reason == Refusal.NotFound)
                {
                    await changed(id, JobState.Failed, null, "The server stopped before the work could be queued; start it again.");
                }
            },
            new GrainTimerCreationOptions(TimeSpan.Zero, Timeout.InfiniteTimeSpan) { Interleave = true });
    }
}
