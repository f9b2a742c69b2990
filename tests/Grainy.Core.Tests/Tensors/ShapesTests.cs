using Grainy.Core.Tensors;
using TorchSharp;

namespace Grainy.Core.Tests.Tensors;

[LeavesNoTensors]
public sealed class ShapesTests
{
    [Fact]
    public void Require_should_return_the_sizes_when_they_fit()
    {
        using var batch = torch.zeros(2, 3, 5, 7);

        batch.Require("N 3 H W").ShouldBe([2L, 3, 5, 7]);
    }

    [Fact]
    public void Require_should_name_the_tensor_and_both_shapes_when_a_size_differs()
    {
        using var batch = torch.zeros(2, 1, 5, 7);

        Should.Throw<ArgumentException>(() => batch.Require("N 3 H W")).Message.ShouldStartWith("'batch' must have shape [N, 3, H, W] but has [2, 1, 5, 7].");
    }

    [Fact]
    public void Require_should_refuse_another_rank()
    {
        using var plane = torch.zeros(5, 7);

        Should.Throw<ArgumentException>(() => plane.Require("N C H W")).ParamName.ShouldBe("plane");
    }

    [Fact]
    public void Images_should_survive_the_way_to_a_tensor_and_back()
    {
        var image = ImageFixtures.Waves(3, 5, 7);

        using var tensor = image.ToTensor();
        using var channelsLast = tensor.ChannelsLast();

        tensor.ShouldHaveShape(1, 3, 5, 7);
        channelsLast.stride().ShouldBe([105L, 1, 21, 3]);
        tensor.ToImage().Planes.ShouldBe(image.Planes);
        channelsLast.ToImage().Planes.ShouldBe(image.Planes);
    }
}
