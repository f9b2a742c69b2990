using Grainy.Contracts.Jobs;
using Grainy.Contracts.Training;
using Grainy.Contracts.Workspaces;

namespace Grainy.Grains.Jobs;

// What people may do with a training besides stopping it for good: pause, go on, end early, extend.
internal sealed partial class JobGrain
{
    private const double LongestTraining = 86_400;

    public async Task PauseAsync()
    {
        await RequireTrainingAsync();
        if (Job.State == JobState.Queued && await AsSystem(() => GrainFactory.Scheduler().WithdrawAsync(Id)))
        {
            await HoldAsync();
        }
        else if (Job.State is JobState.Queued or JobState.Running)
        {
            await StopForNowAsync(Job);
        }
    }

    public async Task ResumeAsync()
    {
        await RequireTrainingAsync();
        if (Job.State == JobState.Pausing)
        {
            await SaveAsync(Job with { State = JobState.Running, FinishWanted = false }); // its device stops all the same and queues it again
            await TellAsync();
        }
        else if (Job.State == JobState.Paused)
        {
            await QueueAgainAsync(Job);
        }
    }

    public async Task FinishAsync()
    {
        await RequireTrainingAsync();
        switch (Job.State)
        {
            case JobState.Paused:
                await QueueAgainAsync(Job with { Spec = EndingNow() });
                break;
            case JobState.Queued when Job.Checkpoint is not null:
                await SaveAsync(Job with { Spec = EndingNow() });
                break;
            case JobState.Running or JobState.Pausing:
                await StopForNowAsync(Job with { FinishWanted = true });
                break;
        }
    }

    public async Task ExtendAsync(double seconds)
    {
        var train = await RequireTrainingAsync();
        if (Job is not { State: JobState.Succeeded or JobState.Cancelled, Checkpoint: { } checkpoint })
        {
            throw new RefusedException(Refusal.Conflict, "Only a training that has ended and learned something can be extended; wait for its end, or start a new one.");
        }

        if (!(seconds >= 5 && checkpoint.ElapsedSeconds + seconds <= LongestTraining))
        {
            throw new RefusedException(Refusal.Invalid, "An extension takes at least 5 seconds, and a training 24 hours in all; choose a time in between.");
        }

        var further = (long)Math.Ceiling(seconds * checkpoint.Step / Math.Max(checkpoint.ElapsedSeconds, 1e-3));
        await QueueAgainAsync(Job with
        {
            Spec = train with
            {
                BudgetSeconds = checkpoint.ElapsedSeconds + seconds,
                Steps = train.Steps is null ? null : checkpoint.Step + Math.Max(1, further),
                Extensions = train.Extensions + 1,
            },
        });
    }

    /// <summary>The device has stopped as was asked: the job waits for a word, or ends with what it has.</summary>
    private Task StoppedForNowAsync() => !Job.FinishWanted || Job.Checkpoint is null ? HoldAsync() : QueueAgainAsync(Job with { Spec = EndingNow() });

    private async Task StopForNowAsync(JobRecord job)
    {
        await SaveAsync(job with { State = JobState.Pausing });
        _live.Changed();
        await TellWorkspaceAsync();
        StopOnDevice();
    }

    private async Task HoldAsync()
    {
        await SaveAsync(Job with { State = JobState.Paused, FinishWanted = false, LostAttempts = 0 });
        await StopWatchdogAsync();
        await TellAsync();
    }

    private async Task QueueAgainAsync(JobRecord job)
    {
        await this.RegisterOrUpdateReminder(Watchdog, Minute, Minute);
        await SaveAsync(job with { State = JobState.Queued, FinishWanted = false, LostAttempts = 0, Problem = null, EndedAt = null, Settled = false });
        await AsSystem(() => GrainFactory.Scheduler().EnqueueAsync(Ticket));
        await TellAsync();
    }

    // The limit becomes what is done: the next attempt takes no further step, exports the model and denoises.
    private TrainSpec EndingNow() => Job is { Spec: TrainSpec train, Checkpoint: { } checkpoint }
        ? train with { BudgetSeconds = Math.Max(1, checkpoint.ElapsedSeconds), Steps = train.Steps is null ? null : Math.Max(1, checkpoint.Step) }
        : throw new RefusedException(Refusal.Conflict, "Nothing is learned yet that could be kept; let the training run for some seconds.");

    private async Task<TrainSpec> RequireTrainingAsync()
    {
        await RequireAsync(WorkspaceRole.Editor);
        return Job.Spec as TrainSpec ?? throw new RefusedException(Refusal.Invalid, "Only trainings can be paused, ended early or extended; stop this work instead.");
    }
}
