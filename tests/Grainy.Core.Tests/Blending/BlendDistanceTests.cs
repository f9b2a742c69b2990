using Grainy.Core.Blending;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Tensors;
using Grainy.Core.Tests.Metrics;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Blending;

[LeavesNoTensors]
public sealed class BlendDistanceTests
{
    private static readonly double[] Weights = [0.3, 0.7];

    // One transform that uses everything: scale and phase, shift, flip, transposition, permutation, factors.
    private static readonly ELpipsTransform Transform = new()
    {
        Scale = 2,
        Phase = (1, 0),
        Shift = (3, 5),
        FlipRows = true,
        Transpose = true,
        Permutation = (2, 0, 1),
        Factors = (0.5f, 0.9f, 0.7f),
    };

    [Theory]
    [InlineData("elpips-builtin", 64, true)]
    [InlineData("builtin", 40, false)]
    public void Gradient_should_agree_with_finite_differences_in_float64_for_features(string metric, int side, bool transformed)
    {
        using var loaded = new MetricCatalog(ReferenceImages.Weights).LoadDistance(metric);
        loaded.ConvertTo(float64);
        using var distance = new FeatureBlendDistance(metric, loaded);

        Check(distance, side, transformed ? new BlendDraw(Transform, null) : BlendDraw.Plain, 1e-4);
    }

    [Theory]
    [InlineData("l2", 24)]
    [InlineData("ssim", 24)]
    public void Gradient_should_agree_with_finite_differences_in_float64_for_pixels(string metric, int side)
    {
        using var distance = BlendDistance.Load(metric, ReferenceImages.Weights);

        Check(distance, side, BlendDraw.Plain, 1e-5);
    }

    [Fact]
    public void Optimizer_should_find_the_weighted_mean_under_squared_error_from_anywhere()
    {
        using var scope = NewDisposeScope();
        var images = cat([Image(1, 16).to(float32), Image(2, 16).to(float32)], 0);
        using var distance = BlendDistance.Load("l2", ReferenceImages.Weights);
        using var references = distance.Take(images, BlendDraw.Plain);
        using var optimizer = new BlendOptimizer(Image(3, 16).to(float32), published: false);

        for (var step = 0; step < 1000; step++)
        {
            optimizer.Descend(references, Weights);
            optimizer.Step(0.03 * (1 - (step / 1000.0)));
        }

        var mean = images.narrow(0, 0, 1).Times(0.3).Plus(images.narrow(0, 1, 1).Times(0.7));
        (optimizer.Picture.detach() - mean).abs().max().item<float>().ShouldBeLessThan(1e-4f);
    }

    // By hand from TensorFlow's formula: m = 0.1·g, v = 0.001·g², step = lr·√(1 − β₂)/(1 − β₁)·m/(√v + ε).
    [Fact]
    public void Optimizer_should_take_the_published_first_step()
    {
        using var scope = NewDisposeScope();
        using var distance = BlendDistance.Load("l2", ReferenceImages.Weights);
        using var references = distance.Take(full(1, 3, 2, 2, 0.5f), BlendDraw.Plain);
        using var optimizer = new BlendOptimizer(full(1, 3, 2, 2, 0.50001f), published: true);

        optimizer.Descend(references, [1]);
        optimizer.Step(0.03);

        var gradient = 2 * ((double)0.50001f - 0.5) / 12;
        var step = 0.03 * Math.Sqrt(0.001) / 0.1 * (0.1 * gradient) / ((Math.Sqrt(0.001) * gradient) + 1e-8);
        optimizer.Picture.detach()[0, 0, 0, 0].item<float>().ShouldBe((float)(0.50001 - step), 2e-5f);
        step.ShouldBeLessThan(0.027); // ε counts against a gradient this small
    }

    // elpips.md 3.1 gives these from the published schedule.
    [Theory]
    [InlineData(0, 0.03)]
    [InlineData(10, 0.02964808)]
    [InlineData(1000, 0.00697677)]
    [InlineData(100_000, 0.00026459)]
    public void Published_rate_should_follow_the_published_schedule(int step, double rate) => PublishedProcedure.Rate(step).ShouldBe(rate, 1e-8);

    private static void Check(BlendDistance distance, int side, BlendDraw draw, double tolerance)
    {
        using var scope = NewDisposeScope();
        using var references = distance.Take(cat([Image(1, side), Image(2, side)], 0), draw);
        var picture = Image(3, side).requires_grad_();
        Objective(references, picture).backward();
        var direction = Direction(side);
        var slope = (picture.grad! * direction).sum().item<double>();

        const double step = 1e-5;
        using (no_grad())
        {
            var up = Objective(references, picture.Plus(direction.Times(step))).item<double>();
            var down = Objective(references, picture.Plus(direction.Times(-step))).item<double>();
            slope.ShouldBe((up - down) / (2 * step), tolerance * Math.Abs(slope));
        }

        Math.Abs(slope).ShouldBeGreaterThan(1e-9);
    }

    private static Tensor Objective(BlendReferences references, Tensor picture) =>
        (references.To(picture).to(float64).Squared() * tensor(Weights)).sum();

    private static Tensor Image(int number, int side)
    {
        using var generator = new SeedSequence(7).For("image", number);
        return rand([1, 3, side, side], dtype: float64, generator: generator);
    }

    private static Tensor Direction(int side)
    {
        using var generator = new SeedSequence(8).For("direction");
        return randn([1, 3, side, side], dtype: float64, generator: generator);
    }
}
