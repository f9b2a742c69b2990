using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Contracts.Live;
using Grainy.Contracts.Metrics;
using Grainy.Contracts.Sessions;
using Grainy.Contracts.Workspaces;
using Grainy.Web.Cluster;

namespace Grainy.Web.Tests.Fakes;

/// <summary>Grains in memory, found by interface and key like real ones; each remembers for whom it was called.</summary>
internal sealed class FakeCluster : ILiveReferences
{
    private readonly Dictionary<(Type, string), object> _grains = [];

    public FakeCluster()
    {
        Factory = DispatchProxy.Create<IGrainFactory, FactoryProxy>();
        ((FactoryProxy)Factory).Cluster = this;
    }

    public IGrainFactory Factory { get; }

    /// <summary>Subjects of all calls, in order; null where a call came without one.</summary>
    public List<string?> Callers { get; } = [];

    /// <summary>Observer references that were made and not deleted.</summary>
    public HashSet<ILiveObserver> References { get; } = [];

    public FakeWorkspace Workspace => Get<IWorkspaceGrain, FakeWorkspace>(WorkspaceId.Main.Value);

    public FakeDataset Dataset(string id) => Get<IDatasetGrain, FakeDataset>(id);

    public FakeJob Job(string id) => Get<IJobGrain, FakeJob>(id);

    /// <summary>Jobs that anything was asked of.</summary>
    public IReadOnlyList<FakeJob> Jobs => [.. _grains.Values.OfType<FakeJob>()];

    public FakeComparison Comparison(string id) => Get<IComparisonGrain, FakeComparison>(id);

    public FakeMetrics Metrics => Get<IMetricsGrain, FakeMetrics>(WorkspaceId.Main.Value);

    public FakeBlend Blend(string id) => Get<IBlendGrain, FakeBlend>(id);

    public FakeBlendInputs BlendInputs => Get<IBlendInputsGrain, FakeBlendInputs>(WorkspaceId.Main.Value);

    public FakeSession Session(string id) => Get<ISessionGrain, FakeSession>(id);

    public ILiveObserver Create(ILiveObserver observer)
    {
        var reference = new Reference(observer);
        References.Add(reference);
        return reference;
    }

    public void Delete(ILiveObserver reference) => References.Remove(reference).ShouldBeTrue("a reference is deleted once");

    private TFake Get<TGrain, TFake>(string key) => (TFake)Find(typeof(TGrain), key);

    private object Find(Type type, string key)
    {
        if (!_grains.TryGetValue((type, key), out var grain))
        {
            grain = type.Name switch
            {
                nameof(IWorkspaceGrain) => new FakeWorkspace(this),
                nameof(IDatasetGrain) => new FakeDataset(this, new DatasetId(key)),
                nameof(IJobGrain) => new FakeJob(this, new JobId(key)),
                nameof(IComparisonGrain) => new FakeComparison(this),
                nameof(IMetricsGrain) => new FakeMetrics(),
                nameof(IBlendGrain) => new FakeBlend(this),
                nameof(IBlendInputsGrain) => new FakeBlendInputs(),
                nameof(ISessionGrain) => new FakeSession(this),
                _ => throw new NotSupportedException(type.Name),
            };
            _grains.Add((type, key), grain);
        }

        return grain;
    }

    private sealed class Reference(ILiveObserver target) : ILiveObserver
    {
        public Task ChangedAsync(LiveSnapshot snapshot) => target.ChangedAsync(snapshot);
    }

    [SuppressMessage("Performance", "CA1852", Justification = "The runtime derives the proxy from it.")]
    private class FactoryProxy : DispatchProxy
    {
        public FakeCluster Cluster { get; set; } = null!;

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
            targetMethod is { Name: nameof(IGrainFactory.GetGrain), IsGenericMethod: true } && args is [string key, ..]
                ? Cluster.Find(targetMethod.GetGenericArguments()[0], key)
                : throw new NotSupportedException(targetMethod?.Name);
    }
}
