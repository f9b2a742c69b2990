using Grainy.Contracts.Blending;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Training;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Jobs;

// The side of a job that the scheduler and devices talk to: attempts, reports, the end, and the watchdog.
internal sealed partial class JobGrain
{
    private const int MostLostAttempts = 5;
    private static readonly TimeSpan SaveInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan OwnerInterval = TimeSpan.FromMilliseconds(500);

    public async Task<JobAssignment?> BeginAsync(DeviceId device)
    {
        if (Job.Workspace is null || Job.Ended)
        {
            return null;
        }

        if (Job.State == JobState.Cancelling)
        {
            await EndAsync(JobState.Cancelled);
            return null;
        }

        if (Job.State is JobState.Pausing or JobState.Paused)
        {
            await StoppedForNowAsync();
            return null;
        }

        if (Job.LostAttempts >= MostLostAttempts)
        {
            await EndAsync(JobState.Failed, problem: $"The server stopped {MostLostAttempts} times while it worked on this; try a smaller image or fewer images.");
            return null;
        }

        _heardAt = _clock.GetTimestamp();
        await SaveAsync(Job.BackToCheckpoint() with
        {
            State = JobState.Running,
            Attempt = Job.Attempt + 1,
            LostAttempts = Job.LostAttempts + 1,
            Device = device,
        });
        await TellAsync();
        LogBegan(Id, Job.Attempt, device, Job.Checkpoint?.Step ?? 0);
        return new JobAssignment(Id, Job.Attempt, Job.Workspace.Value, Job.Spec!, Job.Checkpoint);
    }

    public async Task<bool> ReportAsync(int attempt, JobProgress progress)
    {
        if (!IsCurrent(attempt))
        {
            return false;
        }

        _heardAt = _clock.GetTimestamp();
        _state.State = Job.With(progress);
        _live.Changed();
        if (_clock.GetElapsedTime(_savedAt) >= SaveInterval)
        {
            await SaveAsync(Job);
        }

        if (_clock.GetElapsedTime(_toldAt) >= OwnerInterval)
        {
            await TellOwnerAsync();
        }

        return Job.State == JobState.Running;
    }

    public async Task<bool> CommitAsync(int attempt, JobCheckpoint checkpoint)
    {
        if (!IsCurrent(attempt) || checkpoint.Step < (Job.Checkpoint?.Step ?? 0))
        {
            return false;
        }

        _heardAt = _clock.GetTimestamp();
        await SaveAsync(Job with { Checkpoint = checkpoint, LostAttempts = 0 });
        _live.Changed();
        return true;
    }

    public Task CompleteAsync(int attempt, JobResult result) => IsCurrent(attempt) ? EndAsync(JobState.Succeeded, result) : Task.CompletedTask;

    public Task FailAsync(int attempt, string problem) => IsCurrent(attempt) ? EndAsync(JobState.Failed, problem: problem) : Task.CompletedTask;

    public async Task ReleaseAsync(int attempt)
    {
        if (!IsCurrent(attempt))
        {
            return;
        }

        if (Job.State == JobState.Cancelling)
        {
            await EndAsync(JobState.Cancelled);
            return;
        }

        if (Job.State == JobState.Pausing)
        {
            await StoppedForNowAsync();
            return;
        }

        await SaveAsync(Job with { State = JobState.Queued, LostAttempts = 0 });
        await AsSystem(() => GrainFactory.Scheduler().EnqueueAsync(Ticket));
        await TellAsync();
    }

    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Job.Workspace is null)
        {
            await StopWatchdogAsync();
        }
        else if (Job.Ended)
        {
            await SettleAsync();
        }
        else if (Job.State == JobState.Paused)
        {
            await StopWatchdogAsync();
        }
        else if (_clock.GetElapsedTime(_heardAt) > Minute)
        {
            LogSilent(Id, Job.State, Job.Attempt);
            _heardAt = _clock.GetTimestamp();
            if (Job is { State: JobState.Running or JobState.Cancelling or JobState.Pausing, Device: { } device })
            {
                await AsSystem(() => GrainFactory.Scheduler().FinishedAsync(device, Id));
            }

            await AsSystem(() => GrainFactory.Scheduler().EnqueueAsync(Ticket));
        }
    }

    private bool IsCurrent(int attempt) => attempt == Job.Attempt && Job.State is JobState.Running or JobState.Cancelling or JobState.Pausing;

    private async Task EndAsync(JobState state, JobResult? result = null, string? problem = null)
    {
        await SaveAsync(Job with { State = state, Result = result ?? Job.Result, Problem = problem, EndedAt = _clock.GetUtcNow() });
        LogEnded(Id, state, Job.Attempt, problem);
        try
        {
            await SettleAsync();
        }
        catch (Exception error)
        {
            _live.Changed();
            LogUnsettled(error, Id); // the watchdog tries again: the end itself is stored
        }
    }

    /// <summary>Tells everybody who must know of the end; may be repeated.</summary>
    private async Task SettleAsync()
    {
        if (!Job.Settled)
        {
            if (Job is { Spec: TrainSpec train, Result: TrainResult result })
            {
                await AsSystem(() => GrainFactory.Model(train.Model).PromoteAsync(result.Weights, result.Steps));
            }

            await TellAsync();
            await SaveAsync(Job with { Settled = true });
        }

        await StopWatchdogAsync();
    }

    private async Task StopWatchdogAsync()
    {
        if (await this.GetReminder(Watchdog) is { } reminder)
        {
            await this.UnregisterReminder(reminder);
        }
    }

    // Those who look on come last: whoever hears of a change here and asks the owner next finds it there. They hear of it also where the owner cannot be told.
    private async Task TellAsync()
    {
        try
        {
            await TellOwnerAsync();
            await TellWorkspaceAsync();
        }
        finally
        {
            _live.Changed();
        }
    }

    private Task TellOwnerAsync()
    {
        _toldAt = _clock.GetTimestamp();
        IJobOwner? owner = Job.Spec switch
        {
            ScoreSpec score => GrainFactory.Comparison(score.Comparison).AsReference<IJobOwner>(),
            MeasureSpec measure => GrainFactory.Comparison(measure.Comparison).AsReference<IJobOwner>(),
            MapSpec map => GrainFactory.Comparison(map.Comparison).AsReference<IJobOwner>(),
            BlendSpec blend => GrainFactory.Blend(blend.Blend).AsReference<IJobOwner>(),
            _ => null,
        };
        return owner is null ? Task.CompletedTask : AsSystem(() => owner.JobChangedAsync(Id, Job.State, Job.Progress, Job.Problem));
    }

    // Not awaited: the device also learns it by its next report, and must not hold up the person who cancels.
    private void StopOnDevice()
    {
        if (Job.Device is { } device)
        {
            _ = AsSystem(() => GrainFactory.Device(device).StopAsync(Id)).ContinueWith(
                failed => LogStopNotDelivered(failed.Exception, Id, device), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Current);
        }
    }

    [LoggerMessage(EventId = 3101, Level = LogLevel.Information, Message = "Job {Job} began attempt {Attempt} on {Device} from step {Step}")]
    private partial void LogBegan(JobId job, int attempt, DeviceId device, long step);

    [LoggerMessage(EventId = 3102, Level = LogLevel.Information, Message = "Job {Job} ended as {State} in attempt {Attempt}: {Problem}")]
    private partial void LogEnded(JobId job, JobState state, int attempt, string? problem);

    [LoggerMessage(EventId = 3103, Level = LogLevel.Warning, Message = "Job {Job} ended, but not everybody could be told; trying again within a minute")]
    private partial void LogUnsettled(Exception error, JobId job);

    [LoggerMessage(EventId = 3104, Level = LogLevel.Warning, Message = "Job {Job} was silent for a minute as {State} in attempt {Attempt}; it is queued again")]
    private partial void LogSilent(JobId job, JobState state, int attempt);

    [LoggerMessage(EventId = 3105, Level = LogLevel.Debug, Message = "Job {Job} could not be stopped on {Device} at once; it stops at its next report")]
    private partial void LogStopNotDelivered(Exception? error, JobId job, DeviceId device);
}
