using Grainy.Contracts.Devices;
using Grainy.Contracts.Jobs;
using Orleans.Concurrency;
using Orleans.Placement;

namespace Grainy.Grains.Devices;

/// <summary>The address of one accelerator. The work itself is done by the silo's <see cref="DeviceRuntime"/>.</summary>
[GrainType("device"), Immovable, KeepAlive, DevicePlacement, Reentrant]
internal sealed class DeviceGrain(DeviceRuntime runtime) : Grain, IDeviceGrain
{
    public Task StartAsync(JobAssignment assignment)
    {
        runtime.Start(new DeviceId(this.GetPrimaryKeyString()), assignment);
        return Task.CompletedTask;
    }

    public Task StopAsync(JobId job)
    {
        runtime.Stop(job);
        return Task.CompletedTask;
    }
}
