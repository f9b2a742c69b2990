using static TorchSharp.torch;

namespace Grainy.Core.Devices;

/// <summary>A place where tensors are computed.</summary>
/// <param name="Name"><c>cpu</c> or <c>cuda:N</c>.</param>
/// <param name="Description">For people.</param>
public sealed record DeviceInfo(string Name, string Description);

/// <summary>What this process can compute on.</summary>
public static class DeviceInventory
{
    /// <summary>The processor first, then every graphics card that the loaded library can use.</summary>
    public static IReadOnlyList<DeviceInfo> List()
    {
        var devices = new List<DeviceInfo> { new("cpu", $"Processor, {Environment.ProcessorCount} threads") };
        if (cuda.is_available())
        {
            devices.AddRange(Enumerable.Range(0, cuda.device_count()).Select(index => new DeviceInfo($"cuda:{index}", $"CUDA graphics card {index}")));
        }

        return devices;
    }
}
