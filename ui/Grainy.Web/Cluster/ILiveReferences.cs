using Grainy.Contracts.Live;

namespace Grainy.Web.Cluster;

/// <summary>Makes local observers callable from grains, and forgets them again.</summary>
public interface ILiveReferences
{
    /// <summary>A reference that grains can call; must be given to <see cref="Delete"/> once.</summary>
    ILiveObserver Create(ILiveObserver observer);

    /// <summary>Forgets a reference; without this the runtime would keep an entry for it for ever.</summary>
    void Delete(ILiveObserver reference);
}

/// <summary>References of the running cluster.</summary>
internal sealed class ClusterLiveReferences(IGrainFactory grains) : ILiveReferences
{
    public ILiveObserver Create(ILiveObserver observer) => grains.CreateObjectReference<ILiveObserver>(observer);

    public void Delete(ILiveObserver reference) => grains.DeleteObjectReference<ILiveObserver>(reference);
}
