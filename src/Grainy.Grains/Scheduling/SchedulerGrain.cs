using Grainy.Contracts.Jobs;
using Microsoft.Extensions.Logging;
using Orleans.Storage;

namespace Grainy.Grains.Scheduling;

/// <summary>
/// Queues and leases. It never waits for a job or a device inside a request, because both call it: handing over is work of its own that reports back by message.
/// </summary>
[GrainType("scheduler"), KeepAlive]
internal sealed partial class SchedulerGrain(
    [PersistentState("scheduler")] IPersistentState<SchedulerRecord> state, TimeProvider clock, ILogger<SchedulerGrain> logger) : Grain, ISchedulerGrain
{
    private static readonly TimeSpan SweepPeriod = TimeSpan.FromSeconds(5);

    private readonly DevicePresence _presence = new(clock);
    private bool _unsaved;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        this.RegisterGrainTimer(SweepAsync, new GrainTimerCreationOptions(SweepPeriod, SweepPeriod));
        return Task.CompletedTask;
    }

    public async Task EnqueueAsync(JobTicket ticket)
    {
        if (!Knows(ticket.Job))
        {
            state.State = state.State with
            {
                Queue = [.. state.State.Queue, new QueuedJob(ticket, state.State.NextOrder)],
                NextOrder = state.State.NextOrder + 1,
            };
            _unsaved = true;
            await DispatchAsync();
        }
    }

    public async Task<bool> WithdrawAsync(JobId job)
    {
        if (state.State.Leases.Any(lease => lease.Ticket.Job == job))
        {
            return false;
        }

        if (Knows(job))
        {
            state.State = state.State with { Queue = [.. state.State.Queue.Where(queued => queued.Ticket.Job != job)] };
            await SaveAsync();
        }

        return true;
    }

    public Task AnnounceAsync(DeviceId device, Guid incarnation)
    {
        _presence.Seen(device, incarnation);
        RequeueLost();
        return DispatchAsync();
    }

    public Task RetireAsync(DeviceId device, Guid incarnation)
    {
        _presence.Retire(device, incarnation);
        return Task.CompletedTask;
    }

    public Task FinishedAsync(DeviceId device, JobId job)
    {
        if (state.State.Leases.FirstOrDefault(lease => lease.Ticket.Job == job && lease.Device == device) is { } lease)
        {
            state.State = FairShare.Charge(state.State, lease, clock.GetUtcNow());
            _unsaved = true;
        }

        return DispatchAsync();
    }

    public Task<int> PositionOfAsync(JobId job)
    {
        var queued = state.State.Queue.FirstOrDefault(other => other.Ticket.Job == job);
        var position = queued is null ? -1 : FairShare.Waiting(state.State, queued.Ticket.Lane, clock.GetUtcNow()).ToList().IndexOf(queued);
        return Task.FromResult(Math.Max(0, position));
    }

    private bool Knows(JobId job) =>
        state.State.Queue.Any(queued => queued.Ticket.Job == job) || state.State.Leases.Any(lease => lease.Ticket.Job == job);

    private async Task SweepAsync(CancellationToken cancellationToken)
    {
        try
        {
            RequeueLost();
            await DispatchAsync();
        }
        catch (InconsistentStateException)
        {
            DeactivateOnIdle(); // outside a request the runtime does not do it itself
            throw;
        }
    }

    private void RequeueLost()
    {
        foreach (var lease in state.State.Leases.Where(_presence.HasLost))
        {
            LogLost(lease.Device, lease.Ticket.Job, lease.Attempt);
            var charged = FairShare.Charge(state.State, lease, clock.GetUtcNow());
            state.State = charged with { Queue = [.. charged.Queue, new QueuedJob(lease.Ticket, lease.Order)] };
            _unsaved = true;
            if (lease.Attempt > 0)
            {
                Detach(() => Job(lease.Ticket.Job).ReleaseAsync(lease.Attempt), lease.Ticket.Job);
            }
        }
    }

    /// <summary>Gives waiting jobs to free devices, stores that, and only then hands them over.</summary>
    private async Task DispatchAsync()
    {
        var leases = new List<Lease>();
        while (FairShare.Next(state.State, _presence.Ready, clock.GetUtcNow()) is var (job, device))
        {
            var lease = new Lease(job.Ticket, job.Order, device, _presence.IncarnationOf(device), clock.GetUtcNow(), Attempt: 0);
            leases.Add(lease);
            state.State = state.State with
            {
                Queue = [.. state.State.Queue.Where(other => other != job)],
                Leases = [.. state.State.Leases, lease],
            };
            _unsaved = true;
        }

        if (_unsaved)
        {
            await SaveAsync();
        }

        foreach (var lease in leases)
        {
            Detach(() => HandOverAsync(lease), lease.Ticket.Job);
        }
    }

    private async Task HandOverAsync(Lease lease)
    {
        var self = this.AsReference<ISchedulerGrain>();
        JobAssignment? assignment = null;
        try
        {
            assignment = await Job(lease.Ticket.Job).BeginAsync(lease.Device);
            if (assignment is null)
            {
                await self.FinishedAsync(lease.Device, lease.Ticket.Job);
                return;
            }

            NoteAttempt(lease, assignment.Attempt);
            await GrainFactory.Device(lease.Device).StartAsync(assignment);
        }
        catch (Exception error)
        {
            LogNotHandedOver(error, lease.Ticket.Job, lease.Device);
            _presence.LetRest(lease.Device);
            await self.FinishedAsync(lease.Device, lease.Ticket.Job);
            if (assignment is not null)
            {
                await Job(lease.Ticket.Job).ReleaseAsync(assignment.Attempt);
            }

            await self.EnqueueAsync(lease.Ticket);
        }
    }

    // Stored with the next change: after a crash the incarnation alone tells that the lease is lost.
    private void NoteAttempt(Lease lease, int attempt)
    {
        state.State = state.State with { Leases = [.. state.State.Leases.Select(other => other == lease ? other with { Attempt = attempt } : other)] };
        _unsaved = true;
    }

    private Task SaveAsync()
    {
        _unsaved = false;
        return state.WriteStateAsync();
    }

    private IJobRunGrain Job(JobId job) => GrainFactory.GetGrain<IJobRunGrain>(job.Value);

    private void Detach(Func<Task> work, JobId job) => _ = Caller.AsAsync(Caller.System, work).ContinueWith(
        failed => LogDetachedFailed(failed.Exception, job), CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Current);

    [LoggerMessage(EventId = 3201, Level = LogLevel.Warning, Message = "Device {Device} lost job {Job} in attempt {Attempt}; the job is queued again")]
    private partial void LogLost(DeviceId device, JobId job, int attempt);

    [LoggerMessage(EventId = 3202, Level = LogLevel.Warning, Message = "Job {Job} could not be handed to {Device}; it is queued again")]
    private partial void LogNotHandedOver(Exception error, JobId job, DeviceId device);

    [LoggerMessage(EventId = 3203, Level = LogLevel.Warning, Message = "A message about job {Job} could not be delivered; its watchdog will notice")]
    private partial void LogDetachedFailed(Exception? error, JobId job);
}
