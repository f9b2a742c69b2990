using Grainy.Core.Denoising;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class BlindSpotNetworkTests
{
    [Theory]
    [InlineData("full", 3, 1_269_129)] // the paper's released code
    [InlineData("full", 1, 1_265_858)]
    [InlineData("compact", 3, 126_705)]
    [InlineData("medium", 3, 442_705)]
    public void Layout_should_have_the_published_number_of_parameters(string preset, int channels, int expected) =>
        BlindSpotLayout.Of(preset, channels).ParameterCount.ShouldBe(expected);

    [Fact]
    public void Layout_should_name_the_presets_when_it_knows_none() =>
        Should.Throw<ArgumentException>(() => BlindSpotLayout.Of("huge", 3)).Message.ShouldContain("choose compact or medium or full");

    [Trait("Category", "slow")]
    [Theory]
    [InlineData("compact", 1, 32)]
    [InlineData("compact", 3, 32)]
    [InlineData("compact", 1, 36)] // an odd multiple of the stride
    [InlineData("compact", 3, 64)]
    [InlineData("compact", 1, 100)]
    [InlineData("compact", 1, 160)]
    [InlineData("medium", 1, 72)]
    [InlineData("full", 1, 32)]
    [InlineData("full", 3, 64)]
    [InlineData("full", 1, 96)]
    [InlineData("full", 1, 160)]
    public void Prediction_should_ignore_the_pixel_itself_and_use_all_its_neighbours(string preset, int channels, int side)
    {
        using var network = Make(preset, channels);
        using var scope = NewDisposeScope();
        foreach (var (row, column) in new[] { (side / 2, (side / 2) + 1), (5, 6), (side - 2, 9) })
        {
            var x = Noise(1, channels, side, 7).requires_grad_();
            network.Predict(x).select(2, row).select(2, column).sum().backward();
            var influence = x.grad!.abs().sum(1).squeeze(0); // [side, side]

            influence[row, column].item<float>().ShouldBe(0f);
            for (var neighbour = 0; neighbour < 9; neighbour++)
            {
                if (neighbour != 4)
                {
                    influence[row - 1 + (neighbour / 3), column - 1 + (neighbour % 3)].item<float>().ShouldBeGreaterThan(0f);
                }
            }
        }
    }

    [Theory]
    [InlineData(33, 45)]
    [InlineData(61, 40)]
    public void Prediction_of_a_tile_that_reaches_beyond_the_image_should_not_change_with_the_pixel(int height, int width)
    {
        // As in use: without gradients, on a tile continued by reflection. What is left is the rounding of sums of other pixels.
        using var network = Make("compact", 1);
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var tile = new TileBand(width, height, 1, network.Layout.Stride, 256, 64).Cut(ImageFixtures.Waves(1, height, width), 0, 0);
        var x = Grainy.Core.Tensors.ImageTensors.ToTensor(tile);
        var before = network.Predict(x);
        foreach (var (row, column) in new[] { (0, 0), (height - 1, width - 1), (height / 2, width / 3) })
        {
            var changed = x.clone();
            changed[0, 0, row, column] = tensor(5f);
            var after = network.Predict(changed);

            (after - before).select(2, row).select(2, column).abs().max().item<float>().ShouldBeLessThan(1e-5f);
            (after - before).abs().max().item<float>().ShouldBeGreaterThan(1e-3f);
        }
    }

    [Theory]
    [InlineData("compact", 1)]
    [InlineData("compact", 3)]
    [InlineData("full", 2)]
    public void Prediction_should_not_see_the_enlarged_hole_and_see_what_lies_around_it(string preset, int hole)
    {
        using var network = new BlindSpotNetwork(BlindSpotLayout.Of(preset, 1) with { Hole = hole });
        network.Parameters.Initialise(new SeedSequence(1));
        using var scope = NewDisposeScope();
        var x = Noise(1, 1, 32, 7).requires_grad_();

        network.Predict(x).select(2, 17).select(2, 12).sum().backward();

        var influence = x.grad!.abs().squeeze(); // [32, 32]
        influence.narrow(0, 17 - hole, (2 * hole) + 1).narrow(1, 12 - hole, (2 * hole) + 1).max().item<float>().ShouldBe(0f);
        foreach (var (row, column) in new[] { (17 - hole - 1, 12), (17 + hole + 1, 12), (17, 12 - hole - 1), (17, 12 + hole + 1) })
        {
            influence[row, column].item<float>().ShouldBeGreaterThan(0f);
        }
    }

    [Fact]
    public void Prediction_should_equal_the_network_written_down_literally()
    {
        foreach (var preset in NetworkPresets.All)
        {
            // In double precision, so that no rectifier is on different sides of its kink in the two.
            using var network = new BlindSpotNetwork(BlindSpotLayout.Of(preset, 3), type: float64);
            network.Parameters.Initialise(new SeedSequence(1));
            using var scope = NewDisposeScope();
            var x = Noise(1, 3, 64, 3).to(float64);
            var direction = Noise(1, 9, 64, 4).to(float64);

            network.Predict(x).backward([direction]);
            var gradients = network.Parameters.Gradients.clone();
            network.Parameters.Gradients.zero_();
            var expected = LiteralBlindSpotNetwork.Predict(network, x);
            expected.backward([direction]);

            using var _ = no_grad();
            (network.Predict(x) - expected).abs().max().item<double>().ShouldBeLessThan(1e-10);
            (gradients - network.Parameters.Gradients).abs().max().item<double>().ShouldBeLessThan(1e-9 * gradients.abs().max().item<double>());
        }
    }

    [Theory]
    [InlineData("compact", 3, 32, 0)]
    [InlineData("compact", 1, 36, 1)]
    [InlineData("medium", 3, 40, 0)]
    [InlineData("full", 3, 32, 0)]
    public void Vector_code_should_give_the_prediction_and_the_gradients_of_the_library(string preset, int channels, int side, int hole)
    {
        var layout = BlindSpotLayout.Of(preset, channels) with { Hole = hole };
        using var network = new BlindSpotNetwork(layout);
        network.Parameters.Initialise(new SeedSequence(1));
        using var exact = new BlindSpotNetwork(layout, type: float64);
        exact.Parameters.Load(network.Parameters.ToArray());
        using var scope = NewDisposeScope();
        var (x, direction) = (Noise(2, channels, side, 3), Noise(2, layout.Outputs, side, 4));

        var actual = network.Predict(x);
        actual.backward([direction]);
        var expected = exact.Predict(x.to(float64));
        expected.backward([direction.to(float64)]);

        Off(actual.detach(), expected.detach()).ShouldBeLessThan(1e-5);
        // Where a number lies at the kink of a rectifier, rounding decides on its slope: seldom in the small network, a few times among the millions of the full one.
        Off(network.Parameters.Gradients, exact.Parameters.Gradients).ShouldBeLessThan(preset == "full" ? 5e-3 : 1e-4);
        using var _ = no_grad();
        network.Predict(x).ShouldBeClose(actual, 0);

        static double Off(Tensor one, Tensor other) => ((one.to(float64) - other).norm() / other.norm()).item<double>();
    }

    [Fact]
    public void Vector_code_should_give_gradients_that_finite_differences_confirm()
    {
        using var network = Make("compact", 3);
        using var scope = NewDisposeScope();
        var (x, direction) = (Noise(1, 3, 16, 5), Noise(1, 9, 16, 6));
        (network.Predict(x) * direction).sum().backward();
        using var _ = no_grad();
        var gradients = FlatParameters.Copy(network.Parameters.Gradients);
        var start = network.Parameters.ToArray();
        // Along the gradient itself, where a difference of large sums has the most digits.
        var length = Math.Sqrt(gradients.Sum(value => (double)value * value));
        const double Step = 1e-4;

        var difference = (Along(Step) - Along(-Step)) / (2 * Step);

        difference.ShouldBe(length, 5e-3 * length);

        double Along(double step)
        {
            network.Parameters.Load([.. start.Select((value, index) => (float)(value + (step * gradients[index] / length)))]);
            return (network.Predict(x).to(float64) * direction.to(float64)).sum().item<double>();
        }
    }

    [Fact]
    public void Vector_code_should_add_gradients_up_and_repeat_them_to_the_bit()
    {
        using var network = Make("compact", 3);
        using var scope = NewDisposeScope();
        var x = Noise(2, 3, 32, 5);
        network.Predict(x).sum().backward();
        var once = FlatParameters.Copy(network.Parameters.Gradients);

        network.Predict(x).sum().backward();
        FlatParameters.Copy(network.Parameters.Gradients).ShouldBe([.. once.Select(value => value + value)]);
        using var loss = network.Predict(x).sum();
        network.Parameters.Gradients.zero_();
        loss.backward(retain_graph: true);
        loss.backward();

        FlatParameters.Copy(network.Parameters.Gradients).ShouldBe([.. once.Select(value => value + value)]);
    }

    [Fact]
    public void Network_should_start_from_the_same_numbers_for_the_same_seed()
    {
        using var one = Make("compact", 1);
        using var two = Make("compact", 1);

        one.Parameters.ToArray().ShouldBe(two.Parameters.ToArray());
        var values = one.Parameters.ToArray();
        values.Count(value => value == 0).ShouldBe(one.Layout.Layers.Sum(layer => layer.Out)); // the biases and nothing else
    }

    [Fact]
    public void Start_weights_should_have_the_standard_deviation_of_He()
    {
        using var network = Make("full", 3);

        var (weight, _) = network.Parameters["dec2b"];
        var values = weight.ToFloats();

        // 82,944 normal numbers: their standard deviation is off by 5 standard errors (1.2 %) in one seed of 1.7 million.
        Math.Sqrt(values.Average(value => (double)value * value)).ShouldBe(Math.Sqrt(2.0 / (96 * 9)), 0.0123 * Math.Sqrt(2.0 / (96 * 9)));
        using var head = network.Parameters["head2"].Weight.detach();
        Math.Sqrt(head.ToFloats().Average(value => (double)value * value)).ShouldBe(Math.Sqrt(1.0 / 96), 0.13 * Math.Sqrt(1.0 / 96));
    }

    [Fact]
    public void Prediction_should_refuse_what_is_no_square_of_the_right_size()
    {
        using var network = Make("compact", 3);
        using var odd = zeros(1, 3, 34, 34);
        using var grey = zeros(1, 1, 32, 32);

        Should.Throw<ArgumentException>(() => network.Predict(odd)).Message.ShouldContain("multiples of 4, not 34 × 34");
        Should.Throw<ArgumentException>(() => network.Predict(grey)).Message.ShouldContain("must have shape [N, 3, H, W]");
    }

    internal static BlindSpotNetwork Make(string preset, int channels)
    {
        var network = new BlindSpotNetwork(BlindSpotLayout.Of(preset, channels));
        network.Parameters.Initialise(new SeedSequence(1));
        return network;
    }

    internal static Tensor Noise(int n, int channels, int side, ulong seed)
    {
        using var generator = new SeedSequence(seed).For("test");
        return randn([n, channels, side, side], generator: generator);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Gradient_should_not_reach_the_parameters_of_the_noise_when_only_the_network_is_asked(bool perImage)
    {
        // They were whatever the memory held: full of NaN, here.
        using var scope = NewDisposeScope();
        using var network = new BlindSpotNetwork(BlindSpotLayout.Of("compact", 1) with { LearnedNoise = 1, NoisePerImage = perImage });
        var noise = network.Layout.ParameterCount - (network.Layout with { LearnedNoise = 0 }).ParameterCount;
        for (var round = 0; round < 5; round++)
        {
            var used = Enumerable.Range(0, 20).Select(_ => full([network.Layout.ParameterCount], float.NaN)).ToArray();
            Array.ForEach(used, tensor => tensor.Dispose());
            network.Predict(rand([1, 1, 32, 32])).sum().backward();
        }

        FlatParameters.Copy(network.Parameters.Gradients)[^noise..].ShouldAllBe(value => value == 0);
    }
}
