using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Perceptual;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Distances and gradients of our own vector code against those of the tensor library in float64 (confirmed by <see cref="GradientTests"/>).</summary>
[LeavesNoTensors]
public sealed class VectorGradientTests
{
    public static TheoryData<string> Networks => [.. RandomNetworks.Names];

    // A rectifier or a maximum that is undecided within rounding changes the gradient by up to a hundredth: for one picture in sixty, and one in six of VGG. These pictures
    // have none.
    [Theory]
    [MemberData(nameof(Networks))]
    public void Gradient_should_agree_with_the_library_in_float64(string network) =>
        GradientError(network, seed: network == "vgg lpips" ? 15u : 14u).ShouldBeLessThan(1e-4);

    [Fact]
    public void Gradient_should_be_that_of_a_picture_alone_in_a_batch()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(13);
        var (references, pictures) = (rand([1, 3, 64, 67], generator: generator), rand([3, 3, 64, 67], generator: generator));
        using var distance = RandomNetworks.Distance("squeeze full");

        var (values, gradient) = Measure(distance, references, pictures, dropout: false);
        var (value, own) = Measure(distance, references, pictures.narrow(0, 1, 1), dropout: false);

        value.ShouldBeClose(values.narrow(1, 1, 1), 0);
        // The second of three counts twice.
        (own * 2).ShouldBeClose(gradient.narrow(0, 1, 1), 0);
    }

    [Fact]
    public void Distance_should_be_the_same_with_and_without_a_way_back()
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(14);
        var (references, picture) = (rand([2, 3, 70, 64], generator: generator), rand([1, 3, 70, 64], generator: generator));
        using var distance = RandomNetworks.Distance("compact");
        using var features = distance.Features(references);

        var traced = distance.Against(picture.clone().requires_grad_(), features);
        using var inference = no_grad();

        traced.detach().ShouldBeClose(distance.Against(picture, features), 0);
    }

    [Theory]
    [InlineData(0f)]
    [InlineData(1f)]
    public void Gradient_should_be_finite_and_zero_at_the_reference_itself(float value)
    {
        using var scope = NewDisposeScope();
        using var distance = RandomNetworks.Distance("squeeze full");
        var flat = full([1, 3, 64, 64], value);

        var (distances, gradient) = Measure(distance, flat, flat, dropout: true);

        distances.item<float>().ShouldBe(0);
        gradient.abs().max().item<double>().ShouldBe(0);
    }

    [Fact]
    public void Against_should_refuse_pictures_of_another_type_than_the_references()
    {
        using var scope = NewDisposeScope();
        using var distance = RandomNetworks.Distance("compact");
        using var features = distance.Features(rand(1, 3, 40, 40));

        Should.Throw<ArgumentException>(() => distance.Against(zeros([1, 3, 40, 40], float64), features)).Message.ShouldContain("different types");
    }

    // The larger of the relative errors of the norm and of the greatest entry.
    private static double GradientError(string network, ulong seed)
    {
        using var scope = NewDisposeScope();
        using var generator = new Generator(seed);
        // A picture of VGG takes as long as ten of the others.
        var count = network.StartsWith("vgg", StringComparison.Ordinal) ? 1 : 2;
        var (references, pictures) = (rand([2, 3, 35, 38], generator: generator), rand([count, 3, 35, 38], generator: generator));
        using var distance = RandomNetworks.Distance(network);

        var (values, gradient) = Measure(distance, references, pictures, dropout: true);
        // Once more: the same bytes, and nothing of the first time is left.
        var (again, repeated) = Measure(distance, references, pictures, dropout: true);
        distance.ConvertTo(float64);
        var (expected, slope) = Measure(distance, references.to(float64), pictures.to(float64), dropout: true);

        again.ShouldBeClose(values, 0);
        repeated.ShouldBeClose(gradient, 0);
        ((values.to(float64) - expected) / expected).abs().max().item<double>().ShouldBeLessThan(1e-5);
        return Math.Max(
            ((gradient - slope).norm() / slope.norm()).item<double>(), (gradient - slope).abs().max().item<double>() / slope.abs().max().item<double>());
    }

    // The gradient of Σ (i + 1)·dᵢ².
    private static (Tensor Values, Tensor Gradient) Measure(FeatureDistance distance, Tensor references, Tensor pictures, bool dropout)
    {
        using var scope = NewDisposeScope();
        using var features = distance.Features(references, Dropout());
        var leaf = pictures.clone().requires_grad_();
        var values = distance.Against(leaf, features, Dropout());
        (values.pow(2) * arange(1, values.numel() + 1, dtype: values.dtype).view(values.shape)).sum().backward();
        return (values.detach().MoveToOuterDisposeScope(), leaf.grad!.to(float64).MoveToOuterDisposeScope());

        BernoulliDropout? Dropout() => dropout ? new BernoulliDropout(new RandomStream(8)) : null;
    }
}
