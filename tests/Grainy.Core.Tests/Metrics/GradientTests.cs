using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Gradients in float64 against differences of values along a random direction, and in float32 against golden numbers.</summary>
[LeavesNoTensors]
public sealed class GradientTests
{
    // So small that hardly any rectifier or maximum switches within it, and large enough for float64.
    private const double Step = 1e-8;
    private const double Relative = 2e-5;

    public static TheoryData<string> Networks => [.. RandomNetworks.Names];

    public static TheoryData<string> Transforms => [.. AllTransforms.Keys];

    private static readonly Dictionary<string, ELpipsTransform> AllTransforms = new()
    {
        ["none"] = ELpipsTransform.Identity,
        ["scale"] = new() { Scale = 2, Phase = (1, 0) },
        ["shift"] = new() { Shift = (2, 5) },
        ["flip rows"] = new() { FlipRows = true },
        ["flip columns"] = new() { FlipColumns = true },
        ["transpose"] = new() { Transpose = true },
        ["permutation"] = new() { Permutation = (2, 0, 1) },
        ["factors"] = new() { Factors = (0.25f, 0.6f, 0.95f) },
        ["all"] = new() { Scale = 2, Phase = (0, 1), Shift = (6, 1), FlipRows = true, FlipColumns = true, Transpose = true, Permutation = (1, 2, 0), Factors = (0.3f, 0.7f, 0.9f) },
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradient_should_be_the_slope_of_every_network(string network) =>
        Check(network, new ELpipsTransform { Shift = (3, 4), FlipRows = true, Factors = (0.4f, 0.9f, 0.7f) }, 35, 38, dropout: network.EndsWith("full", StringComparison.Ordinal));

    [Theory]
    [MemberData(nameof(Transforms))]
    public void Gradient_should_be_the_slope_through_every_transform(string transform) => Check("compact", AllTransforms[transform], 66, 62, dropout: true);

    [Theory]
    [InlineData("lpips-squeeze", 0.68243527, 0.00146207)]
    [InlineData("lpips-alex", 0.36868802, 0.13879830)]
    public void Gradient_should_have_the_length_and_sum_of_the_reference(string metric, double length, double sum)
    {
        // elpips.md 1.5: an independent PyTorch 1.13 script, 2026-11-23.
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance(metric);
        using var scope = NewDisposeScope();
        var reference = ReferenceImages.Load("lpips/ex_ref.png").ToTensor();
        var other = ReferenceImages.Load("lpips/ex_p0.png").ToTensor().requires_grad_();

        distance.Between(reference, other, null).sum().backward();

        var gradient = other.grad!.to(float64);
        gradient.norm().item<double>().ShouldBe(length, 1e-5 * length);
        gradient.sum().item<double>().ShouldBe(sum, 2e-6);
    }

    [Fact]
    public void Gradient_should_be_finite_where_no_feature_is_alight()
    {
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("elpips-squeeze");
        using var scope = NewDisposeScope();
        var flat = zeros([1, 3, 64, 64]).requires_grad_();

        distance.Between(flat, ones([1, 3, 64, 64]), new BernoulliDropout(new RandomStream(2))).sum().backward();
        distance.Between(flat, flat.detach(), new BernoulliDropout(new RandomStream(2))).sum().backward();

        flat.grad!.ShouldBeFinite();
    }

    private static void Check(string network, ELpipsTransform transform, int height, int width, bool dropout)
    {
        using var distance = RandomNetworks.Distance(network);
        distance.ConvertTo(float64);
        using var scope = NewDisposeScope();
        using var generator = new Generator(31);
        var left = rand([1, 3, height, width], float64, generator: generator).requires_grad_();
        var right = rand([1, 3, height, width], float64, generator: generator).requires_grad_();

        Value(left, right).backward();

        foreach (var (image, other, swapped) in new[] { (left, right, false), (right, left, true) })
        {
            using var inner = NewDisposeScope();
            using var inference = no_grad();
            var direction = randn([1, 3, height, width], float64, generator: generator);
            var slope = (image.grad! * direction).sum().item<double>();
            double At(double step)
            {
                var moved = image + (direction * step);
                return (swapped ? Value(other, moved) : Value(moved, other)).item<double>();
            }

            var expected = (At(Step) - At(-Step)) / (2 * Step);
            Math.Abs(expected).ShouldBeGreaterThan(1e-4);
            slope.ShouldBe(expected, Relative * Math.Abs(expected));
        }

        Tensor Value(Tensor x, Tensor y) =>
            distance.Between(transform.Apply(x), transform.Apply(y), dropout ? new BernoulliDropout(new RandomStream(8)) : null).sum();
    }
}
