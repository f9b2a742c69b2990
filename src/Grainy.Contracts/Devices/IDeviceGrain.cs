using Grainy.Contracts.Jobs;

namespace Grainy.Contracts.Devices;

/// <summary>One accelerator, on the silo that its key names.</summary>
[Alias("grainy.device")]
public interface IDeviceGrain : IGrainWithStringKey
{
    /// <summary>Begins a job and returns at once; progress and the end go to the job's own grain.</summary>
    [Alias("Start")]
    Task StartAsync(JobAssignment assignment);

    /// <summary>Stops a job at its next step.</summary>
    [Alias("Stop")]
    Task StopAsync(JobId job);
}
