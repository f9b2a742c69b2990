using Grainy.Core.Attacks;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Attacks;

[LeavesNoTensors]
public sealed class AttackTermTests
{
    [Theory]
    [InlineData("psnr", 40)]
    [InlineData("ssim", 40)]
    [InlineData("ms-ssim", 165)]
    [InlineData("builtin", 40)]
    public void Distance_should_be_what_the_metric_says(string name, int side)
    {
        var (reference, other) = (AttackImages.Tiles(side), AttackImages.Noisy(AttackImages.Tiles(side), 0.1));
        using var metric = AttackImages.Bare.Create(name);
        var value = metric.Measure(reference, other, new MetricOptions(), CancellationToken.None).Last();

        Distance(name, reference, other).ShouldBe(MetricDistance.Of(value), 1e-5 * MetricDistance.Of(value));
        Distance(name, reference, reference).ShouldBe(0, 1e-9);
    }

    // With blocks that oppose each other the mean contrast is negative; SSIM itself keeps its sign.
    [Fact]
    public void Ssim_should_keep_similarities_below_zero()
    {
        var waves = ImageFixtures.Make(3, 32, 32, (_, y, x) => 0.5 + (0.4 * Math.Sin(1.1 * x) * Math.Cos(0.9 * y)));
        var opposed = ImageFixtures.Make(3, 32, 32, (_, y, x) => 0.5 - (0.4 * Math.Sin(1.1 * x) * Math.Cos(0.9 * y)));

        Distance("ssim", waves, opposed).ShouldBeGreaterThan(1.5);
    }

    [Theory]
    [InlineData("psnr", 24)]
    [InlineData("ssim", 24)]
    [InlineData("ms-ssim", 163)]
    public void Gradient_should_agree_with_finite_differences(string name, int side)
    {
        using var term = AttackTerms.Create(name, AttackImages.Bare, AttackImages.Tiles(side));
        using var scope = NewDisposeScope();
        var picture = AttackImages.Noisy(AttackImages.Tiles(side), 0.1).ToTensor().to(float64).requires_grad_();
        using var generator = new SeedSequence(5).For("direction");
        var direction = randn(picture.shape, dtype: float64, generator: generator);

        term.Distance(picture, default).backward();
        var slope = (picture.grad! * direction).sum().item<double>();

        using var inference = no_grad();
        const double step = 1e-5;
        double Along(double by) => term.Distance(picture.Plus(direction.Times(by)), default).item<double>();
        var difference = (Along(step) - Along(-step)) / (2 * step);
        slope.ShouldBe(difference, 1e-6 * Math.Abs(difference));
        Math.Abs(difference).ShouldBeGreaterThan(1e-6);
    }

    [Fact]
    public void Ensemble_should_depend_on_the_draw_alone_and_average_to_the_metric()
    {
        var (reference, other) = (AttackImages.Tiles(64), AttackImages.Noisy(AttackImages.Tiles(64), 0.1));
        using var term = AttackTerms.Create("elpips-builtin", AttackImages.Bare, reference);
        using var metric = AttackImages.Bare.Create("elpips-builtin");
        var expected = metric.Measure(reference, other, new MetricOptions { Samples = 60, Seed = 3 }, CancellationToken.None).Last();
        using var picture = other.ToTensor();
        double Draw(ulong seed)
        {
            using var distance = term.Distance(picture, new AttackDraw(seed));
            return distance.item<double>();
        }

        var values = Enumerable.Range(0, 60).Select(i => Draw(new SeedSequence(9).Derive("draw", i))).ToArray();

        Draw(7).ShouldBe(Draw(7));
        values.Distinct().Count().ShouldBe(60);
        // Both means have about the same error; 5 of the difference's standard errors fail one seed in 1.7 million.
        values.Average().ShouldBe(expected.Value, 5 * Math.Sqrt(2) * expected.StandardError!.Value);
    }

    [Fact]
    public void Rounding_should_give_what_an_8_bit_file_holds_and_pass_the_gradient_on()
    {
        var image = ImageFixtures.Make(1, 4, 64, (_, y, x) => ((y * 64) + x + 0.37) / 256);
        using var scope = NewDisposeScope();
        var picture = image.ToTensor().requires_grad_();

        var rounded = EightBit.StraightThrough(picture);
        rounded.Squared().sum().backward();

        using var file = new MemoryStream();
        ImageWriter.Write(image, file, OutputFormat.Png8);
        var read = ImageReader.Read(file.ToArray()).Image;
        rounded.ToFloats().ShouldAllBeClose(read.Planes, 1e-7);
        EightBit.Rounded(image).Planes.ShouldAllBeClose(read.Planes, 1e-7);
        picture.grad!.ShouldBeClose(rounded.detach().Times(2), 1e-6);
    }

    private static double Distance(string name, ImageBuffer reference, ImageBuffer other)
    {
        using var term = AttackTerms.Create(name, AttackImages.Bare, reference);
        using var picture = other.ToTensor();
        using var distance = term.Distance(picture, default);
        return distance.item<double>();
    }
}
