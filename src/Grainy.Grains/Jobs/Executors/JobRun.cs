using Grainy.Contracts.Jobs;
using Grainy.Core.Devices;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>One attempt at a job on one device: where an executor leaves its reports. Reports may come at any rate and from any thread.</summary>
public sealed partial class JobRun : IAsyncDisposable
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan HeartbeatInterval = TimeSpan.FromSeconds(5);

    private readonly IJobRunGrain _grain;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
#pragma warning disable CA2213 // never disposed: a late request to stop may come after the end, and there is no timer in it to free
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213
    private readonly CancellationTokenSource _ended = new();
    private readonly Lock _gate = new();
    private readonly Task _pump;
    private JobProgress _latest;
    private bool _unsent;

    internal JobRun(JobAssignment assignment, DeviceId device, DeviceWorker worker, IGrainFactory grains, TimeProvider clock, ILogger logger)
    {
        (Assignment, Device, Worker, Grains, _clock, _logger) = (assignment, device, worker, grains, clock, logger);
        _grain = grains.GetGrain<IJobRunGrain>(assignment.Job.Value);
        Stopping = _stop.Token;
        _latest = new JobProgress { Step = assignment.Checkpoint?.Step ?? 0, ElapsedSeconds = assignment.Checkpoint?.ElapsedSeconds ?? 0, Activity = "starting" };
        _pump = PumpAsync(_ended.Token);
    }

    /// <summary>What is to be done, and from where to go on.</summary>
    public JobAssignment Assignment { get; }

    /// <summary>Where it runs.</summary>
    public DeviceId Device { get; }

    /// <summary>The device's thread.</summary>
    public DeviceWorker Worker { get; }

    /// <summary>For reading inputs and handing in results; calls go out as the system.</summary>
    public IGrainFactory Grains { get; }

    /// <summary>Cancelled when the run must end: on request, when a later attempt replaced this one, or when the server stops.</summary>
    public CancellationToken Stopping { get; }

    /// <summary>Notes progress; the newest is sent at most five times a second, and neither a preview nor a measurement that was not sent yet is lost.</summary>
    public void Report(JobProgress progress)
    {
        lock (_gate)
        {
            _latest = progress with
            {
                Preview = progress.Preview ?? (_unsent ? _latest.Preview : null),
                HeldOut = [.. (_unsent ? _latest.HeldOut : []).Concat(progress.HeldOut).DistinctBy(point => point.Step)],
            };
            _unsent = true;
        }
    }

    /// <summary>Changes the latest progress.</summary>
    public void Update(Func<JobProgress, JobProgress> change)
    {
        lock (_gate)
        {
            Report(change(_latest));
        }
    }

    /// <summary>Adds a preview whose picture is stored by now.</summary>
    public void Show(JobPreview preview) => Update(progress => progress with { Preview = preview });

    /// <summary>Makes a stored blob the point from which the next attempt goes on.</summary>
    /// <exception cref="OperationCanceledException">A later attempt has replaced this one.</exception>
    public async Task CommitAsync(JobCheckpoint checkpoint)
    {
        if (!await Caller.AsAsync(Caller.System, () => _grain.CommitAsync(Assignment.Attempt, checkpoint)))
        {
            Stop();
            throw new OperationCanceledException("This attempt was replaced by a later one.", Stopping);
        }
    }

    /// <summary>Asks the executor to stop; says nothing to one that has ended.</summary>
    public void Stop() => _stop.Cancel();

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _pump;
        _ended.Dispose();
    }

    private async Task PumpAsync(CancellationToken ended)
    {
        using var timer = new PeriodicTimer(ReportInterval, _clock);
        var sentAt = _clock.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(ended))
            {
                if (Take(_clock.GetElapsedTime(sentAt) >= HeartbeatInterval) is { } progress)
                {
                    sentAt = _clock.GetTimestamp();
                    await SendAsync(progress);
                }
            }
        }
        catch (OperationCanceledException)
        {
            if (Take(evenIfSent: false) is { } last)
            {
                await SendAsync(last); // what was reported before the end arrives before the end
            }
        }
    }

    private JobProgress? Take(bool evenIfSent)
    {
        lock (_gate)
        {
            if (!_unsent && !evenIfSent)
            {
                return null;
            }

            var progress = _latest;
            (_latest, _unsent) = (_latest with { Preview = null, HeldOut = [] }, false);
            return progress;
        }
    }

    private async Task SendAsync(JobProgress progress)
    {
        try
        {
            if (!await Caller.AsAsync(Caller.System, () => _grain.ReportAsync(Assignment.Attempt, progress)))
            {
                Stop();
            }
        }
        catch (Exception error)
        {
            LogNotReported(error, Assignment.Job, Assignment.Attempt); // the next report may get through
        }
    }

    [LoggerMessage(EventId = 3302, Level = LogLevel.Warning, Message = "A checkpoint at step {Step} could not be kept; the one before it still counts")]
    internal partial void LogNotCommitted(Exception error, long step);

    [LoggerMessage(EventId = 3303, Level = LogLevel.Warning, Message = "Values of job {Job} could not be delivered; they go with the next ones")]
    internal partial void LogNotDelivered(Exception error, JobId job);

    [LoggerMessage(EventId = 3304, Level = LogLevel.Debug, Message = "What is wished of job {Job} could not be asked; trying again soon")]
    internal partial void LogNotHeard(Exception error, JobId job);

    [LoggerMessage(EventId = 3301, Level = LogLevel.Warning, Message = "A report of job {Job}, attempt {Attempt}, could not be delivered")]
    private partial void LogNotReported(Exception error, JobId job, int attempt);
}
