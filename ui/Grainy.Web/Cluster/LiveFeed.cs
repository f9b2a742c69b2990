using Grainy.Contracts;
using Grainy.Contracts.Live;
using Microsoft.Extensions.Logging;

namespace Grainy.Web.Cluster;

/// <summary>The one subscription of this process to a topic, and its viewers.</summary>
internal sealed partial class LiveFeed : ILiveObserver
{
    private readonly ILiveTopic _grain;
    private readonly ILiveReferences _references;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private readonly List<LiveViewer> _viewers = [];
    private readonly ILiveObserver _reference;
    private readonly ITimer _renewal;
    private LiveSnapshot? _latest;

    public LiveFeed(ILiveTopic grain, ILiveReferences references, TimeProvider time, ILogger log)
    {
        (_grain, _references, _log) = (grain, references, log);
        _reference = references.Create(this);
        _renewal = time.CreateTimer(_ => _ = RenewAsync(), null, LiveHub.RenewalInterval, LiveHub.RenewalInterval);
    }

    /// <summary>Adds a viewer, who gets nothing before its own subject was admitted by <see cref="RefreshAsync"/>.</summary>
    public void Add(LiveViewer viewer)
    {
        lock (_gate)
        {
            _viewers.Add(viewer);
        }
    }

    /// <summary>Takes a viewer out; true when it was the last.</summary>
    public bool Remove(LiveViewer viewer)
    {
        lock (_gate)
        {
            _viewers.Remove(viewer);
            return _viewers.Count == 0;
        }
    }

    /// <summary>Subscribes or renews for <paramref name="caller"/> and hands the answer to all viewers that have it not yet.</summary>
    public async Task RefreshAsync(string caller)
    {
        var snapshot = await Caller.AsAsync(caller, () => _grain.WatchAsync(_reference));
        lock (_gate)
        {
            foreach (var viewer in _viewers.Where(viewer => viewer.Caller == caller))
            {
                viewer.Admitted = true;
            }
        }

        Take(snapshot, fromGrain: true);
    }

    /// <summary>Called by the grain. Within an epoch the newer version wins; another epoch is settled by asking the grain.</summary>
    public Task ChangedAsync(LiveSnapshot snapshot)
    {
        if (Take(snapshot, fromGrain: false))
        {
            return Task.CompletedTask;
        }

        return RenewAsync();
    }

    /// <summary>Ends the subscription. The grain would forget it by itself, so its failure only costs a few lost messages.</summary>
    public async Task CloseAsync(string caller)
    {
        await _renewal.DisposeAsync();
        try
        {
            await Caller.AsAsync(caller, () => _grain.UnwatchAsync(_reference));
        }
        catch (Exception problem)
        {
            LogUnwatchFailed(problem);
        }
        finally
        {
            _references.Delete(_reference);
        }
    }

    /// <summary>Renews once per subject, so that somebody whose right was taken away loses the view within one interval.</summary>
    private async Task RenewAsync()
    {
        string[] callers;
        lock (_gate)
        {
            callers = [.. _viewers.Select(viewer => viewer.Caller).Distinct()];
        }

        foreach (var caller in callers)
        {
            try
            {
                await RefreshAsync(caller);
            }
            catch (RefusedException refusal)
            {
                End(caller, refusal);
            }
            catch (Exception problem)
            {
                // A silo that restarts or a call that times out: the next renewal tries again, viewers keep what they see.
                LogRenewalFailed(problem);
            }
        }
    }

    /// <summary>False when the snapshot is of another epoch and only the grain can say which one is the present.</summary>
    private bool Take(LiveSnapshot snapshot, bool fromGrain)
    {
        lock (_gate)
        {
            var sameEpoch = _latest?.Epoch == snapshot.Epoch;
            if (!fromGrain && _latest is not null && !sameEpoch)
            {
                return false;
            }

            if (_latest is null || !sameEpoch || snapshot.Version > _latest.Version)
            {
                _latest = snapshot;
            }

            foreach (var viewer in _viewers.Where(viewer => viewer.Admitted && !ReferenceEquals(viewer.Latest, _latest)))
            {
                viewer.Offer(_latest);
            }

            return true;
        }
    }

    private void End(string caller, RefusedException refusal)
    {
        lock (_gate)
        {
            foreach (var viewer in _viewers.Where(viewer => viewer.Caller == caller))
            {
                viewer.End(refusal);
            }
        }
    }

    [LoggerMessage(EventId = 4101, Level = LogLevel.Debug, Message = "A live subscription could not be ended; it lapses by itself")]
    private partial void LogUnwatchFailed(Exception problem);

    [LoggerMessage(EventId = 4102, Level = LogLevel.Warning, Message = "A live subscription could not be renewed; trying again in {Seconds} s")]
    private partial void LogRenewalFailed(Exception problem, double seconds);

    private void LogRenewalFailed(Exception problem) => LogRenewalFailed(problem, LiveHub.RenewalInterval.TotalSeconds);
}
