using Grainy.Core.Denoising.Plain;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace Grainy.Core.Tests.Denoising.Plain;

[LeavesNoTensors]
public sealed class PlainUNetTests
{
    [Theory]
    [InlineData("full", 3, 991_203)] // Lehtinen et al. 2018, table 2
    [InlineData("full", 1, 988_609)]
    [InlineData("compact", 3, 148_131)]
    public void Layout_should_have_the_papers_parameters(string preset, int channels, int expected) =>
        PlainLayout.Of(preset, channels).ParameterCount.ShouldBe(expected);

    [Theory]
    [InlineData("full", 64, 32, false)]
    [InlineData("compact", 24, 40, false)]
    [InlineData("compact", 24, 40, true)]
    public void Network_should_equal_its_literal_form(string preset, int height, int width, bool smooth)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        using var network = Make(PlainLayout.Of(preset, 3, smooth));
        using var generator = new Generator(5);
        var x = rand([2, 3, height, width], dtype: float64, generator: generator);

        network.Predict(x).ShouldBeClose(Literal(network, x), 1e-6);
    }

    [Fact]
    public void Gradient_should_reach_every_parameter()
    {
        using var scope = NewDisposeScope();
        using var network = Make(PlainLayout.Of("compact", 1));
        using var generator = new Generator(5);
        network.Predict(rand([1, 1, 32, 32], dtype: float64, generator: generator)).sum().backward();

        foreach (var layer in network.Layout.Layers)
        {
            network.Parameters[layer.Name].Weight.grad!.abs().sum().item<double>().ShouldBeGreaterThan(0, layer.Name);
        }
    }

    [Fact]
    public void Sides_that_cannot_be_halved_often_enough_should_be_refused_in_managed_code()
    {
        using var scope = NewDisposeScope();
        using var network = Make(PlainLayout.Of("compact", 1));

        Should.Throw<ArgumentException>(() => network.Predict(zeros(1, 1, 32, 36))).Message.ShouldContain("multiples of 8");
    }

    [Fact]
    public void Tone_curve_should_follow_its_formula_and_take_negatives_for_black()
    {
        using var scope = NewDisposeScope();

        ToneCurve.Apply(tensor(new[] { -1f, 0, 1, 3 })).ToFloats().ShouldAllBeClose([0, 0, (float)Math.Pow(0.5, 1 / 2.2), (float)Math.Pow(0.75, 1 / 2.2)], 1e-6);
    }

    private static PlainUNet Make(PlainLayout layout)
    {
        var network = new PlainUNet(layout, type: float64);
        network.Parameters.Initialise(new SeedSequence(3));
        return network;
    }

    // As in the paper's table, layer by layer, with nothing fused.
    private static Tensor Literal(PlainUNet network, Tensor x)
    {
        var layout = network.Layout;
        var skips = new Stack<Tensor>([x]);
        var y = Layer(x, "enc0");
        for (var level = 1; level <= layout.Poolings; level++)
        {
            y = Pool(Layer(y, $"enc{level}"));
            if (level < layout.Poolings)
            {
                skips.Push(y);
            }
        }

        y = Layer(y, $"enc{layout.Poolings + 1}");
        for (var level = layout.Poolings; level >= 1; level--)
        {
            y = y.repeat_interleave(2, 2).repeat_interleave(2, 3);
            y = layout.Smooth && level == 1 ? y : cat([y, skips.Pop()], 1);
            y = Layer(Layer(y, $"dec{level}a"), $"dec{level}b");
        }

        var (weight, bias) = network.Parameters["dec1c"];
        return F.conv2d(y, weight, bias, padding: [1, 1]);

        Tensor Layer(Tensor t, string name) =>
            F.leaky_relu(F.conv2d(t, network.Parameters[name].Weight, network.Parameters[name].Bias, padding: [1, 1]), 0.1);

        Tensor Pool(Tensor t)
        {
            if (!layout.Smooth)
            {
                return F.max_pool2d(t, [2, 2]);
            }

            var maxima = F.max_pool2d(F.pad(t, [0, 1, 0, 1], PaddingModes.Replicate), [2, 2], [1, 1]);
            var kernel = tensor(new double[] { 1, 2, 1, 2, 4, 2, 1, 2, 1 }, [1, 1, 3, 3]).repeat(maxima.shape[1], 1, 1, 1);
            using Scalar sixteenth = 1 / 16.0;
            return F.conv2d(F.pad(maxima, [1, 1, 1, 1], PaddingModes.Reflect), kernel.mul(sixteenth), strides: [2, 2], groups: maxima.shape[1]);
        }
    }
}
