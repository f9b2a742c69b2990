using Orleans.Concurrency;

namespace Grainy.Contracts.Live;

/// <summary>State that can be watched: a job, a comparison, a blend, a session.</summary>
[Alias("grainy.live-topic")]
public interface ILiveTopic : IGrainWithStringKey
{
    /// <summary>
    /// Subscribes a process, or renews its subscription, which lapses after 90 s; returns the present state. A differing
    /// <see cref="LiveSnapshot.Epoch"/> or a gap in <see cref="LiveSnapshot.Version"/> means that changes were missed: this snapshot replaces them.
    /// </summary>
    [Alias("Watch")]
    Task<LiveSnapshot> WatchAsync(ILiveObserver observer);

    /// <summary>Ends a subscription.</summary>
    [Alias("Unwatch")]
    Task UnwatchAsync(ILiveObserver observer);
}

/// <summary>One per web process and topic; the process hands snapshots on to its own viewers.</summary>
[Alias("grainy.live-observer")]
public interface ILiveObserver : IGrainObserver
{
    /// <summary>The topic's state after a change. Best effort: a later snapshot replaces an earlier one.</summary>
    [OneWay, Alias("Changed")]
    Task ChangedAsync(LiveSnapshot snapshot);
}

/// <summary>The whole visible state of one topic, small enough (below 64 KB) to be sent at each change.</summary>
[GenerateSerializer, Immutable, Alias("grainy.live-snapshot.v1")]
public abstract record LiveSnapshot
{
    /// <summary>The grain's key.</summary>
    [Id(0)]
    public string Topic { get; init; } = "";

    /// <summary>Changes with each activation of the grain; versions of different epochs cannot be compared.</summary>
    [Id(1)]
    public Guid Epoch { get; init; }

    /// <summary>Grows by one with each change within an epoch.</summary>
    [Id(2)]
    public long Version { get; init; }
}
