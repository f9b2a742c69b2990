using System.Collections.Concurrent;
using Grainy.Contracts.Jobs;
using Grainy.Core.Devices;
using Grainy.Core.Tensors;
using Grainy.Grains.Jobs.Executors;
using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Devices;

/// <summary>The accelerators of this process: one thread each, and the runs in progress.</summary>
internal sealed partial class DeviceRuntime : IDisposable
{
    private readonly IGrainFactory _grains;
    private readonly IJobExecutor[] _executors;
    private readonly TimeProvider _clock;
    private readonly ILogger<DeviceRuntime> _logger;
    private readonly Dictionary<DeviceId, DeviceWorker> _workers;
    private readonly ConcurrentDictionary<JobId, (JobRun Run, Task Task)> _runs = new();
    private readonly Lock _gate = new();
    private bool _stopping;

    public DeviceRuntime(
        ILocalSiloDetails silo, GrainsOptions options, IGrainFactory grains, IEnumerable<IJobExecutor> executors, TimeProvider clock, ILogger<DeviceRuntime> logger)
    {
        (_grains, _executors, _clock, _logger) = (grains, [.. executors], clock, logger);
        if (options.Devices.Count > 0)
        {
            TorchRuntime.Initialize(options.Threads);
        }

        _workers = options.Devices.Distinct().ToDictionary(device => DeviceId.Of(silo.Name, device), device => new DeviceWorker(device));
    }

    /// <summary>Differs after each start of the process.</summary>
    public Guid Incarnation { get; } = Guid.NewGuid();

    public IReadOnlyCollection<DeviceId> Devices => _workers.Keys;

    /// <summary>Begins a run and returns at once. Starting the same attempt twice changes nothing.</summary>
    public void Start(DeviceId device, JobAssignment assignment)
    {
        lock (_gate)
        {
            if (_stopping || !_workers.TryGetValue(device, out var worker))
            {
                throw new InvalidOperationException($"The device '{device}' takes no work now: it is stopping or not there.");
            }

            if (_runs.TryGetValue(assignment.Job, out var running))
            {
                if (running.Run.Assignment.Attempt >= assignment.Attempt)
                {
                    return;
                }

                running.Run.Stop(); // replaced by the later attempt
            }

            var run = new JobRun(assignment, device, worker, _grains, _clock, _logger);
            _runs[assignment.Job] = (run, Task.Run(() => RunAsync(run)));
        }
    }

    public void Stop(JobId job)
    {
        if (_runs.TryGetValue(job, out var running))
        {
            running.Run.Stop();
        }
    }

    /// <summary>Stops all runs at their next slice and waits until each has kept what it can and said so.</summary>
    public async Task StopAllAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stopping = true;
        }

        var runs = _runs.Values.ToArray();
        foreach (var (run, _) in runs)
        {
            run.Stop();
        }

        await Task.WhenAll(runs.Select(running => running.Task)).WaitAsync(cancellationToken);
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _stopping = true;
        }

        foreach (var (run, _) in _runs.Values)
        {
            run.Stop();
        }

        foreach (var worker in _workers.Values)
        {
            worker.Dispose();
        }
    }

    private async Task RunAsync(JobRun run)
    {
        var outcome = await ExecuteAsync(run);
        await run.DisposeAsync();
        lock (_gate)
        {
            if (_runs.TryGetValue(run.Assignment.Job, out var current) && current.Run == run)
            {
                _runs.TryRemove(run.Assignment.Job, out _);
            }
        }

        try
        {
            await Caller.AsAsync(Caller.System, () => CloseAsync(run, outcome));
        }
        catch (Exception error)
        {
            LogNotClosed(error, run.Assignment.Job, run.Assignment.Attempt);
        }
    }

    private async Task<Outcome> ExecuteAsync(JobRun run)
    {
        try
        {
            var executor = Array.Find(_executors, executor => executor.Handles(run.Assignment.Spec))
                ?? throw new RefusedException(Refusal.Invalid, "This server cannot do this kind of work; update it and start again.");
            return new(await Caller.AsAsync(Caller.System, () => executor.RunAsync(run, run.Stopping)), null);
        }
        catch (OperationCanceledException) when (run.Stopping.IsCancellationRequested)
        {
            return new(null, null);
        }
        catch (Exception error) when (Sentences.Of(error) is { } sentence)
        {
            return new(null, sentence);
        }
        catch (Exception error)
        {
            LogFailed(error, run.Assignment.Job, run.Assignment.Attempt);
            return new(null, $"The work stopped by an unexpected error ({error.GetType().Name}); the server's log has the details under {run.Assignment.Job}.");
        }
    }

    // A released job queues itself again, which the scheduler takes only after the lease is gone; an ended one frees the device last.
    private async Task CloseAsync(JobRun run, Outcome outcome)
    {
        var (job, attempt) = (_grains.GetGrain<IJobRunGrain>(run.Assignment.Job.Value), run.Assignment.Attempt);
        if (outcome.Result is { } result)
        {
            await RetryAsync(() => job.CompleteAsync(attempt, result));
        }
        else if (outcome.Problem is { } problem)
        {
            await RetryAsync(() => job.FailAsync(attempt, problem));
        }

        await RetryAsync(() => _grains.Scheduler().FinishedAsync(run.Device, run.Assignment.Job));
        if (outcome is { Result: null, Problem: null })
        {
            await RetryAsync(() => job.ReleaseAsync(attempt));
        }
    }

    /// <summary>A moment's trouble (a silo that leaves, a busy disk) must not cost the result of hours; each of these calls may be repeated.</summary>
    private async Task RetryAsync(Func<Task> call)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await call();
                return;
            }
            catch (Exception error) when (attempt < 3 && error is not RefusedException)
            {
                await Task.Delay(TimeSpan.FromSeconds(0.3 * attempt), _clock);
            }
        }
    }

    private sealed record Outcome(JobResult? Result, string? Problem);

    [LoggerMessage(EventId = 3311, Level = LogLevel.Error, Message = "Job {Job} failed in attempt {Attempt}")]
    private partial void LogFailed(Exception error, JobId job, int attempt);

    [LoggerMessage(EventId = 3312, Level = LogLevel.Error, Message = "The end of job {Job}, attempt {Attempt}, could not be delivered; its watchdog will queue it again")]
    private partial void LogNotClosed(Exception error, JobId job, int attempt);
}
