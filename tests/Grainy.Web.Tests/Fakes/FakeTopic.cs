using Grainy.Contracts;
using Grainy.Contracts.Live;

namespace Grainy.Web.Tests.Fakes;

/// <summary>A topic that keeps its observers by hand.</summary>
internal class FakeTopic<TSnapshot>(FakeCluster cluster) : ILiveTopic
    where TSnapshot : LiveSnapshot
{
    public HashSet<ILiveObserver> Observers { get; } = [];

    public int Watches { get; private set; }

    /// <summary>Subjects that are refused from now on.</summary>
    public HashSet<string> Refused { get; } = [];

    /// <summary>Thrown by the next call of <see cref="WatchAsync"/>, once.</summary>
    public Exception? Failure { get; set; }

    public TSnapshot? State { get; set; }

    public Guid Epoch { get; set; } = Guid.Parse("00000000-0000-0000-0000-000000000001");

    public long Version { get; private set; } = 1;

    public Task<LiveSnapshot> WatchAsync(ILiveObserver observer)
    {
        var caller = Called();
        Watches++;
        if (Failure is { } failure)
        {
            Failure = null;
            throw failure;
        }

        if (Refused.Contains(caller))
        {
            throw new RefusedException(Refusal.Forbidden, "You may not see this; ask its owner.");
        }

        if (State is null)
        {
            throw new RefusedException(Refusal.NotFound, "It is not there (any more).");
        }

        Observers.Add(observer);
        return Task.FromResult<LiveSnapshot>(Stamped());
    }

    public Task UnwatchAsync(ILiveObserver observer)
    {
        Called();
        Observers.Remove(observer);
        return Task.CompletedTask;
    }

    /// <summary>Changes the state and tells the observers.</summary>
    public async Task ChangeAsync(TSnapshot state)
    {
        Set(state);
        foreach (var observer in Observers.ToArray())
        {
            await observer.ChangedAsync(Stamped());
        }
    }

    /// <summary>Changes the state; the message about it is lost.</summary>
    public void Set(TSnapshot state) => (State, Version) = (state, Version + 1);

    protected TSnapshot Stamped() => State! with { Epoch = Epoch, Version = Version };

    protected string Called()
    {
        cluster.Callers.Add(Caller.Current);
        return Caller.Current ?? throw new InvalidOperationException("a call without a subject");
    }
}
