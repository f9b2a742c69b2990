using Orleans.Placement;
using Orleans.Runtime.Placement;

namespace Grainy.Grains.Devices;

/// <summary>Places a grain on the silo that its key names: <c>{silo}/{device}</c>.</summary>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class DevicePlacementAttribute() : PlacementAttribute(new DevicePlacement());

[GenerateSerializer, Immutable, Alias("grainy.device-placement")]
internal sealed class DevicePlacement : PlacementStrategy;

/// <summary>Fails clearly where the silo is absent: on any other one the device does not exist.</summary>
internal sealed class DevicePlacementDirector(IClusterMembershipService membership) : IPlacementDirector
{
    public Task<SiloAddress> OnAddActivation(PlacementStrategy strategy, PlacementTarget target, IPlacementContext context)
    {
        var key = target.GrainIdentity.Key.ToString()!;
        var silo = key.Split('/', 2)[0];
        var members = membership.CurrentSnapshot.Members;
        foreach (var address in context.GetCompatibleSilos(target))
        {
            if (members.TryGetValue(address, out var member) && member.Name == silo && member.Status == SiloStatus.Active)
            {
                return Task.FromResult(address);
            }
        }

        throw new OrleansException($"The device '{key}' is not there: no running server is named '{silo}'.");
    }
}
