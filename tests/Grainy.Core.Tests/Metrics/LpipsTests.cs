using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>
/// Golden values: richzhang/PerceptualSimilarity @ 082bb24 weights in an independent float32 PyTorch 1.13 script, 2026-11-23; 0.722 and 0.138 are also what
/// that project prints for its example pair (its issue 120), and 0.1008 is printed by torchmetrics.
/// </summary>
[LeavesNoTensors]
public sealed class LpipsTests
{
    private const double Relative = 1e-5;

    [Theory]
    [InlineData("lpips-alex", "p0", 0.72188067)]
    [InlineData("lpips-alex", "p1", 0.13756561)]
    [InlineData("lpips-squeeze", "p0", 0.71104765)]
    [InlineData("lpips-squeeze", "p1", 0.14790155)]
    public void Lpips_should_give_the_published_value_for_the_example_pair(string metric, string other, double expected) =>
        Value(metric, ReferenceImages.Load("lpips/ex_ref.png"), ReferenceImages.Load($"lpips/ex_{other}.png")).ShouldBe(expected, Relative * expected);

    [Theory]
    [InlineData("lpips-alex", new[] { 0.01813169205, 0.28696840800, 0.15985768198, 0.11900356979, 0.13791935701 })]
    [InlineData("lpips-squeeze", new[] { 0.00989069658, 0.00690285804, 0.12881015993, 0.26097834267, 0.15068102619, 0.08814193013, 0.06564263176 })]
    public void Lpips_should_give_the_contribution_of_each_layer(string metric, double[] expected)
    {
        var result = Measure(metric, ReferenceImages.Load("lpips/ex_ref.png"), ReferenceImages.Load("lpips/ex_p0.png"));

        result.PerLayer.Length.ShouldBe(expected.Length);
        foreach (var (actual, wanted) in result.PerLayer.Zip(expected))
        {
            actual.ShouldBe(wanted, Relative * wanted);
        }
    }

    [Theory]
    [InlineData("lpips-alex", 64, 64, 0.23545806)]
    [InlineData("lpips-alex", 65, 97, 0.23970941)]
    [InlineData("lpips-squeeze", 64, 64, 0.25602460)]
    [InlineData("lpips-squeeze", 65, 97, 0.26193529)]
    public void Lpips_should_give_the_value_of_the_synthetic_pair(string metric, int height, int width, double expected) =>
        Value(metric, ReferenceImages.Synthetic(7, 13, 29, 0, height, width), ReferenceImages.Synthetic(11, 5, 17, 31, height, width))
            .ShouldBe(expected, Relative * expected);

    [Theory]
    [InlineData("lpips-alex", 0.81395447)]
    [InlineData("lpips-squeeze", 0.64209282)]
    public void Lpips_should_give_the_value_of_black_and_white(string metric, double expected) =>
        Value(metric, ReferenceImages.Flat(0, 64), ReferenceImages.Flat(1, 64)).ShouldBe(expected, Relative * expected);

    [Fact]
    public void Squeeze_with_floor_pooling_should_differ_where_sides_are_odd()
    {
        const double expected = 0.25737238; // the same synthetic pair, 65 × 97, floor
        var weights = ReferenceImages.Weights;
        using var distance = new FeatureDistance(
            new SqueezeFeatures(weights.Require("squeezenet1_1_features"), SqueezeVariant.LpipsFloor, CPU), weights.Require("lpips_lin_v0.1_squeeze"), CPU);
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var layers = distance.Between(
            ReferenceImages.Synthetic(7, 13, 29, 0, 65, 97).ToTensor(), ReferenceImages.Synthetic(11, 5, 17, 31, 65, 97).ToTensor(), null).PerLayer();

        layers.Sum().ShouldBe(expected, Relative * expected);
    }

    [Fact]
    public void Between_should_compare_a_batch_pair_by_pair()
    {
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("lpips-squeeze");
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        using var generator = new Generator(123);
        var first = rand([10, 3, 100, 100], generator: generator);
        var second = rand([10, 3, 100, 100], generator: generator);

        var layers = distance.Between(first, second, null);

        // The stream of PyTorch's own generator; 0.1008 is the mean in torchmetrics' documentation, the two values are of an independent float64 script.
        var values = layers.sum([0]).ToFloats();
        ((double)values.Average()).ShouldBe(0.100802, 1e-6);
        ((double)values[0]).ShouldBe(0.09606563347, 1e-5 * 0.096);
        ((double)values[9]).ShouldBe(0.10313939424, 1e-5 * 0.103);
    }

    [Fact]
    public void Gradient_should_have_the_reference_length()
    {
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("lpips-squeeze");
        using var scope = NewDisposeScope();
        var reference = ReferenceImages.Load("lpips/ex_ref.png").ToTensor();
        var other = ReferenceImages.Load("lpips/ex_p0.png").ToTensor().requires_grad_();

        distance.Between(reference, other, null).sum().backward();

        var gradient = other.grad!;
        ((double)gradient.norm().item<float>()).ShouldBe(0.68243527, 1e-4);
        ((double)gradient.abs().max().item<float>()).ShouldBe(0.04566703, 1e-5);
    }

    [Theory]
    [InlineData("p0", 4.82655573)]
    [InlineData("p1", 2.20601034)]
    public void Alex_without_heads_should_give_the_reference_value(string other, double expected)
    {
        var weights = ReferenceImages.Weights;
        var network = new AlexFeatures(weights.Require("alexnet_features"), CPU);
        var ones = Enumerable.Range(0, network.Channels.Count).ToDictionary(FeatureDistance.HeadName, layer => Ones(network.Channels[layer]));
        using var distance = new FeatureDistance(network, new WeightSet("ones", "test", new string('0', 64), ones), CPU);
        using var scope = NewDisposeScope();
        using var inference = no_grad();

        var layers = distance.Between(ReferenceImages.Load("lpips/ex_ref.png").ToTensor(), ReferenceImages.Load($"lpips/ex_{other}.png").ToTensor(), null);

        layers.PerLayer().Sum().ShouldBe(expected, Relative * expected);

        static WeightTensor Ones(int count) => new([1, count, 1, 1], [.. Enumerable.Repeat(1f, count)]);
    }

    [Fact]
    public void Gradient_of_alex_should_have_the_reference_length()
    {
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("lpips-alex");
        using var scope = NewDisposeScope();
        var reference = ReferenceImages.Load("lpips/ex_ref.png").ToTensor();
        var other = ReferenceImages.Load("lpips/ex_p0.png").ToTensor().requires_grad_();

        distance.Between(reference, other, null).sum().backward();

        ((double)other.grad!.norm().item<float>()).ShouldBe(0.36868802, 1e-5);
        ((double)other.grad!.sum().item<float>()).ShouldBe(0.13879830, 1e-5);
    }

    [Fact]
    public void Lpips_should_take_grey_as_equal_channels()
    {
        var (grey, other) = (ImageFixtures.Waves(1, 64, 64), ImageFixtures.Waves(3, 64, 64));

        Value("lpips-alex", grey, other).ShouldBe(Value("lpips-alex", grey.ToRgb(), other));
    }

    [Fact]
    public void Fingerprint_should_name_network_pooling_and_hashes()
    {
        var result = Measure("lpips-squeeze", ReferenceImages.Flat(0.2f, 64), ReferenceImages.Flat(0.3f, 64));

        result.Fingerprint.ShouldBe("lpips v0.1; squeezenet1_1@b1be8092 maxpool 3×3/2 ceil; heads @1196f7d6; 7 layers; range [0,1]");
        result.Final.ShouldBeTrue();
        result.StandardError.ShouldBeNull();
    }

    private static double Value(string metric, ImageBuffer a, ImageBuffer b) => Measure(metric, a, b).Value;

    private static MetricResult Measure(string name, ImageBuffer a, ImageBuffer b)
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create(name);
        return metric.Measure(a, b, new MetricOptions(), CancellationToken.None).Last();
    }
}
