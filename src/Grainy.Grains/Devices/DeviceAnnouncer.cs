using Microsoft.Extensions.Logging;

namespace Grainy.Grains.Devices;

/// <summary>Tells the scheduler every few seconds which devices this process has; takes them back, with their work kept, before the silo stops.</summary>
internal sealed partial class DeviceAnnouncer(DeviceRuntime runtime, IGrainFactory grains, TimeProvider clock, ILogger<DeviceAnnouncer> logger)
    : ILifecycleParticipant<ISiloLifecycle>, IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(8);

    private readonly CancellationTokenSource _stop = new();
    private Task _loop = Task.CompletedTask;

    // The last stage starts when grains can be called, and stops first, while they still can.
    public void Participate(ISiloLifecycle lifecycle) =>
        lifecycle.Subscribe(nameof(DeviceAnnouncer), ServiceLifecycleStage.Last, StartAsync, StopAsync);

    public void Dispose() => _stop.Dispose();

    private Task StartAsync(CancellationToken cancellationToken)
    {
        _loop = Task.Run(() => AnnounceAsync(_stop.Token), CancellationToken.None);
        return Task.CompletedTask;
    }

    private async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync();
        if (cancellationToken.IsCancellationRequested)
        {
            return; // not in good order: nothing can be said any more
        }

        await _loop;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopLimit);
        try
        {
            await ForEachDeviceAsync(device => grains.Scheduler().RetireAsync(device, runtime.Incarnation)).WaitAsync(limit.Token);
            await runtime.StopAllAsync(limit.Token);
        }
        catch (Exception error)
        {
            LogNotStopped(error); // the next start finds the work by the device's new incarnation
        }
    }

    private async Task AnnounceAsync(CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            do
            {
                await TryAnnounceAsync();
            }
            while (await timer.WaitForNextTickAsync(stop));
        }
        catch (OperationCanceledException)
        {
            // stopping
        }
    }

    private async Task TryAnnounceAsync()
    {
        try
        {
            await ForEachDeviceAsync(device => grains.Scheduler().AnnounceAsync(device, runtime.Incarnation));
        }
        catch (Exception error)
        {
            LogNotAnnounced(error); // again in a moment
        }
    }

    private Task ForEachDeviceAsync(Func<DeviceId, Task> call) =>
        Caller.AsAsync(Caller.System, () => Task.WhenAll(runtime.Devices.Select(call)));

    [LoggerMessage(EventId = 3321, Level = LogLevel.Warning, Message = "The devices of this server could not be announced; trying again")]
    private partial void LogNotAnnounced(Exception error);

    [LoggerMessage(EventId = 3322, Level = LogLevel.Warning, Message = "Work in progress did not stop in time; it goes on from its last checkpoint after the next start")]
    private partial void LogNotStopped(Exception error);
}
