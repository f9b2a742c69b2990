using Grainy.Core.Denoising;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class HalfPlaneTests
{
    private const int Side = 12;

    [Fact]
    public void Convolution_should_see_its_row_and_two_above() => SeenRows(x => HalfPlane.Layer(x, Kernel(2, 2), zeros(2)), 6).ShouldBe([4, 5, 6]);

    [Fact]
    public void Shift_should_see_the_row_above_only() => SeenRows(x => HalfPlane.Shift(x), 6).ShouldBe([5]);

    [Fact]
    public void Pool_should_see_rows_up_to_twice_its_own() => SeenRows(HalfPlane.Pool, 3).Max().ShouldBe(6);

    [Fact]
    public void UpLayer_should_see_low_rows_up_to_half_its_own_and_skip_rows_up_to_its_own()
    {
        for (var row = 4; row < 8; row++)
        {
            SeenRows(low => HalfPlane.UpLayer(low, ones(1, 1, 2 * Side, 2 * Side), Kernel(2, 3), zeros(2)), row).Max().ShouldBe(row / 2);
            SeenRows(skip => HalfPlane.UpLayer(ones(1, 1, Side / 2, Side / 2), skip, Kernel(2, 3), zeros(2)), row).Max().ShouldBe(row);
        }
    }

    [Fact]
    public void First_row_of_a_shifted_map_should_be_zero()
    {
        using var x = ones(1, 1, 4, 4);
        using var shifted = HalfPlane.Shift(x);

        shifted.ToFloats().ShouldBe([0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1]);
    }

    // Rows of a [1, 2, Side, Side] input that change row `row` of the output.
    private static int[] SeenRows(Func<Tensor, Tensor> layer, int row)
    {
        using var scope = NewDisposeScope();
        var x = BlindSpotNetworkTests.Noise(1, 2, Side, 5).requires_grad_();
        layer(x).select(2, row).sum().backward();
        var influence = x.grad!.abs().sum([0, 1, 3]).ToFloats();
        return [.. Enumerable.Range(0, Side).Where(index => influence[index] != 0)];
    }

    private static Tensor Kernel(int outputs, int inputs)
    {
        using var generator = new Grainy.Core.Tensors.SeedSequence(9).For("kernel");
        return rand([outputs, inputs, 3, 3], generator: generator) + 0.1;
    }
}
