using Grainy.Core.Devices;

namespace Grainy.Core.Tests.Devices;

public sealed class DeviceInventoryTests
{
    [Fact]
    public void Inventory_should_begin_with_the_processor_and_name_each_device_once()
    {
        var devices = DeviceInventory.List();

        devices[0].Name.ShouldBe("cpu");
        devices[0].Description.ShouldContain($"{Environment.ProcessorCount}");
        devices.Select(device => device.Name).ShouldBeUnique();
    }
}
