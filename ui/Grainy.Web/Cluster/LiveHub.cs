using System.Runtime.CompilerServices;
using Grainy.Contracts.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Web.Cluster;

/// <summary>
/// Live state for all viewers of this process: one subscription per topic however many watch it. Each viewer has a slot for the latest
/// snapshot, so a slow browser skips states instead of queueing them.
/// </summary>
public sealed class LiveHub(ILiveReferences references, TimeProvider time, ILogger<LiveHub> log)
{
    /// <summary>A subscription lapses in its grain after 90 s; two renewals may fail before that.</summary>
    public static readonly TimeSpan RenewalInterval = TimeSpan.FromSeconds(25);

    private readonly Lock _gate = new();
    private readonly Dictionary<ILiveTopic, LiveFeed> _feeds = [];

    /// <summary>Topics that somebody watches now.</summary>
    public int Topics
    {
        get
        {
            lock (_gate)
            {
                return _feeds.Count;
            }
        }
    }

    /// <summary>The present state of <paramref name="grain"/> and then its changes, newest first when the reader is slow.</summary>
    /// <param name="caller">Subject that must be allowed to watch; asked again at each renewal.</param>
    /// <param name="minInterval">Least time between two snapshots handed out.</param>
    /// <exception cref="Contracts.RefusedException">The grain refuses this subject, now or later.</exception>
    public async IAsyncEnumerable<TSnapshot> WatchAsync<TSnapshot>(
        ILiveTopic grain, string caller, TimeSpan minInterval, [EnumeratorCancellation] CancellationToken ct)
        where TSnapshot : LiveSnapshot
    {
        var viewer = new LiveViewer(caller);
        var feed = Enter(grain, viewer);
        try
        {
            await feed.RefreshAsync(caller);
            await foreach (var snapshot in viewer.Snapshots.ReadAllAsync(ct))
            {
                yield return (TSnapshot)snapshot;
                await Task.Delay(minInterval, time, ct);
            }
        }
        finally
        {
            await LeaveAsync(grain, feed, viewer);
        }
    }

    /// <summary>As <see cref="WatchAsync"/>, by callbacks; disposing waits until no callback runs any more.</summary>
    public IAsyncDisposable Watch<TSnapshot>(
        ILiveTopic grain, string caller, TimeSpan minInterval, Func<TSnapshot, Task> changed, Func<Exception, Task> ended)
        where TSnapshot : LiveSnapshot =>
        new LivePump(async ct =>
        {
            try
            {
                await foreach (var snapshot in WatchAsync<TSnapshot>(grain, caller, minInterval, ct))
                {
                    await changed(snapshot);
                }
            }
            catch (Exception problem) when (!ct.IsCancellationRequested)
            {
                // Whatever ended the watch is told to the viewer: the page turns it into a sentence.
                await ended(problem);
            }
        });

    private LiveFeed Enter(ILiveTopic grain, LiveViewer viewer)
    {
        lock (_gate)
        {
            if (!_feeds.TryGetValue(grain, out var feed))
            {
                feed = new LiveFeed(grain, references, time, log);
                _feeds.Add(grain, feed);
            }

            feed.Add(viewer);
            return feed;
        }
    }

    private async Task LeaveAsync(ILiveTopic grain, LiveFeed feed, LiveViewer viewer)
    {
        lock (_gate)
        {
            if (!feed.Remove(viewer))
            {
                return;
            }

            _feeds.Remove(grain);
        }

        await feed.CloseAsync(viewer.Caller);
    }
}
