using Grainy.Grains.Access;
using Grainy.Grains.Devices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Grainy.Grains;

/// <summary>Everything that a silo needs besides storage and clustering.</summary>
public static class GrainsHostingExtensions
{
    /// <summary>Adds the grains' services: access checks, device placement, the devices of this process, and the executors of all kinds of jobs.</summary>
    /// <remarks>Needs an <c>IBlobStore</c>, grain storage and reminders from the caller.</remarks>
    public static ISiloBuilder AddGrainyGrains(this ISiloBuilder silo, Action<GrainsOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(silo);
        var options = new GrainsOptions();
        configure?.Invoke(options);
        silo.Services.TryAddSingleton(TimeProvider.System);
        silo.Services.AddSingleton(options);
        silo.Services.AddSingleton<WorkspaceAccess>();
        silo.Services.AddPlacementDirector<DevicePlacement, DevicePlacementDirector>();
        silo.Services.AddSingleton<DeviceRuntime>();
        silo.Services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, DeviceAnnouncer>();
        return silo.AddIncomingGrainCallFilter<DefaultDeny>();
    }
}
