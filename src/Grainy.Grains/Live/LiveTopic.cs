using Grainy.Contracts.Live;
using Microsoft.Extensions.Logging;
using Orleans.Utilities;

namespace Grainy.Grains.Live;

/// <summary>
/// The watchers of one grain, at most one per process. Changes within <paramref name="interval"/> become one message, so that a busy grain cannot flood its watchers.
/// </summary>
/// <param name="build">The present state; called on the grain's own scheduler.</param>
internal sealed class LiveTopic(IGrainBase grain, Func<LiveSnapshot> build, TimeSpan interval, TimeProvider clock, ILogger logger)
{
    private static readonly TimeSpan Expiry = TimeSpan.FromSeconds(90);

    private readonly ObserverManager<ILiveObserver> _watchers = new(Expiry, logger) { GetDateTime = () => clock.GetUtcNow().UtcDateTime };
    private readonly Guid _epoch = Guid.NewGuid();
    private IGrainTimer? _timer;
    private long _version;
    private long? _sentAt;
    private bool _waiting;

    /// <summary>True while somebody watches.</summary>
    public bool Watched => _watchers.Count > 0;

    /// <summary>The state with its place in the order of changes.</summary>
    public LiveSnapshot Snapshot() => build() with { Topic = grain.GrainContext.GrainId.Key.ToString()!, Epoch = _epoch, Version = _version };

    /// <summary>Adds or renews a watcher.</summary>
    public LiveSnapshot Watch(ILiveObserver observer)
    {
        _watchers.Subscribe(observer, observer);
        return Snapshot();
    }

    /// <summary>Drops a watcher.</summary>
    public void Unwatch(ILiveObserver observer) => _watchers.Unsubscribe(observer);

    /// <summary>Says that the state changed; the watchers hear of it within the interval.</summary>
    public void Changed()
    {
        if (_waiting)
        {
            return;
        }

        _waiting = true;
        var wait = _sentAt is { } sent ? interval - clock.GetElapsedTime(sent) : TimeSpan.Zero;
        var due = wait > TimeSpan.Zero ? wait : TimeSpan.Zero;
        if (_timer is null)
        {
            _timer = grain.RegisterGrainTimer(SendAsync, new GrainTimerCreationOptions(due, Timeout.InfiniteTimeSpan) { Interleave = true });
        }
        else
        {
            _timer.Change(due, Timeout.InfiniteTimeSpan);
        }
    }

    private async Task SendAsync(CancellationToken cancellationToken)
    {
        _waiting = false;
        _sentAt = clock.GetTimestamp();
        _version++;
        if (_watchers.Count > 0)
        {
            var snapshot = Snapshot();
            await _watchers.Notify(watcher => watcher.ChangedAsync(snapshot));
        }
    }
}
