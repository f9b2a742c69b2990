using System.Collections.Concurrent;
using Grainy.Contracts;
using Grainy.Contracts.Live;

namespace Grainy.Grains.Tests.Kit;

/// <summary>Watches a topic as a web process does.</summary>
internal sealed class LiveProbe<T> : ILiveObserver
    where T : LiveSnapshot
{
    // The runtime holds observers weakly: without this, a probe that is only awaited would be collected and never hear of anything.
    private static readonly ConcurrentBag<LiveProbe<T>> Alive = [];

    private readonly Lock _gate = new();
    private readonly List<T> _seen = [];
    private readonly List<(Func<T, bool> Condition, TaskCompletionSource<T> Source)> _waiting = [];

    public IReadOnlyList<T> Seen
    {
        get
        {
            lock (_gate)
            {
                return [.. _seen];
            }
        }
    }

    public static async Task<LiveProbe<T>> WatchAsync(IGrainFactory grains, ILiveTopic topic, string subject)
    {
        var probe = new LiveProbe<T>();
        Alive.Add(probe);
        var reference = grains.CreateObjectReference<ILiveObserver>(probe);
        probe.Add((T)await Caller.AsAsync(subject, () => topic.WatchAsync(reference)));
        return probe;
    }

    public Task ChangedAsync(LiveSnapshot snapshot)
    {
        Add((T)snapshot);
        return Task.CompletedTask;
    }

    /// <summary>The first snapshot, past or future, that meets a condition.</summary>
    public Task<T> UntilAsync(Func<T, bool> condition)
    {
        lock (_gate)
        {
            if (_seen.Find(snapshot => condition(snapshot)) is { } found)
            {
                return Task.FromResult(found);
            }

            var source = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((condition, source));
            return source.Task.WaitAsync(Patience.Limit);
        }
    }

    private void Add(T snapshot)
    {
        lock (_gate)
        {
            _seen.Add(snapshot);
            foreach (var waiting in _waiting.Where(waiting => waiting.Condition(snapshot)).ToArray())
            {
                _waiting.Remove(waiting);
                waiting.Source.TrySetResult(snapshot);
            }
        }
    }
}
