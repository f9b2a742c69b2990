using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>
/// Golden values: images and weights of mkettune/elpips @ 9192007 in an independent float32 PyTorch 1.13 script, 2026-11-23; the two values of the plain
/// squeeze mode are printed in that project's README.
/// </summary>
[LeavesNoTensors]
public sealed class ELpipsTests
{
    private const double Relative = 1e-5;

    public static TheoryData<int> Cases => [.. Enumerable.Range(0, Pinned.Length)];

    // Distances to adv_reference of adv_anchor and adv_vgg_sqz, and of cat to dog; dropout off.
    private static readonly (ELpipsTransform Transform, double[] Expected)[] Pinned =
    [
        (ELpipsTransform.Identity, [0.038571991, 0.050448257, 0.143558770]),
        (new() { Shift = (2, 5) }, [0.039391093, 0.122075744, 0.144671485]),
        (new() { Shift = (7, 7), FlipColumns = true }, [0.038852375, 0.112623625, 0.145896286]),
        (new() { Shift = (0, 0), Transpose = true }, [0.039569125, 0.125031024, 0.146139637]),
        (new() { Shift = (3, 4), Permutation = (2, 0, 1) }, [0.042419221, 0.139644131, 0.165050700]),
        (new() { Shift = (3, 4), Factors = (0.25f, 0.6f, 0.95f) }, [0.025407312, 0.102572799, 0.091395922]),
        (new() { Scale = 3, Phase = (2, 1), Shift = (3, 4) }, [0.008394282, 0.136140659, 0.131599516]),
        (new() { Scale = 2, Phase = (1, 0), Shift = (6, 1), FlipRows = true, Transpose = true, Permutation = (1, 2, 0), Factors = (0.3f, 0.7f, 0.9f) },
            [0.010140347, 0.110937446, 0.109844722]),
    ];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Distance_should_match_the_reference_for_a_pinned_transform(int index)
    {
        var (transform, expected) = Pinned[index];
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("elpips-squeeze");

        Distance(distance, transform, "adv_anchor", "adv_reference").ShouldBe(expected[0], Relative * expected[0]);
        Distance(distance, transform, "adv_vgg_sqz", "adv_reference").ShouldBe(expected[1], Relative * expected[1]);
        Distance(distance, transform, "cat", "dog").ShouldBe(expected[2], Relative * expected[2]);
    }

    [Fact]
    public void Distance_should_match_the_reference_layer_by_layer()
    {
        double[] expected = [8.586e-6, 4.643e-4, 1.165e-3, 7.353e-6, 7.378e-3, 1.365e-3, 1.348e-2, 6.106e-3, 4.210e-3, 4.387e-3];
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("elpips-squeeze");

        var layers = Layers(distance, ELpipsTransform.Identity, Load("adv_anchor"), Load("adv_reference"));

        layers.Length.ShouldBe(expected.Length);
        foreach (var (actual, wanted) in layers.Zip(expected))
        {
            actual.ShouldBe(wanted, 1e-3 * wanted); // four digits are known
        }
    }

    [Theory]
    [InlineData("adv_anchor", 0.02187105268)]
    [InlineData("adv_vgg_sqz", 0.02113761381)]
    public void Plain_squeeze_mode_should_give_the_value_of_the_README(string image, double expected)
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create("elpips-lpips-squeeze");

        var result = metric.Measure(Load(image), Load("adv_reference"), new MetricOptions(), CancellationToken.None).Last();

        result.Value.ShouldBe(expected, 1e-8);
        result.Fingerprint.ShouldBe("lpips mode of elpips; squeezenet1_1@b1be8092 maxpool 3×3/2 floor; heads @39d6fc08; 7 layers; range [0,1]");
    }

    [Theory]
    [InlineData(64, 64, 0.06209482)]
    [InlineData(65, 97, 0.06327455)]
    public void Distance_should_match_the_reference_for_the_synthetic_pair(int height, int width, double expected)
    {
        using var distance = new MetricCatalog(ReferenceImages.Weights).LoadDistance("elpips-squeeze");

        var (a, b) = (ReferenceImages.Synthetic(7, 13, 29, 0, height, width), ReferenceImages.Synthetic(11, 5, 17, 31, height, width));

        Layers(distance, ELpipsTransform.Identity, a, b).Sum().ShouldBe(expected, Relative * expected);
    }

    // Expectation and standard error of an independent run, and the means at the scales 1 and 2. Three joint standard errors: a right sampler fails with one
    // seed in 370 for each pair; the seed is fixed.
    [Theory]
    [InlineData("adv_anchor", "adv_reference", 0.01776, 0.00015, 0.02366, 0.00757)]
    [InlineData("adv_vgg_sqz", "adv_reference", 0.10751, 0.00048, 0.10777, 0.10860)]
    [InlineData("cat", "dog", 0.0882, 0.0013, 0.0861, 0.0924)]
    public void Expected_value_should_match_the_reference_run(string a, string b, double expected, double itsError, double first, double second)
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create("elpips-squeeze");

        var result = metric.Measure(Load(a), Load(b), new MetricOptions { Samples = 52, Seed = 3 }, CancellationToken.None).Last();

        var error = result.StandardError.ShouldNotBeNull();
        error.ShouldBeInRange(0.001 * expected, 0.05 * expected); // independent samples: 8 % for the first pair
        result.Value.ShouldBe(expected, 3 * Math.Sqrt((error * error) + (itsError * itsError)));
        result.Samples.ShouldBe(52);
        result.PerLayer.Sum().ShouldBe(result.Value, 1e-9);
        var scales = result.Attribution!.Where(share => share.Transform == "scale").ToArray();
        scales[0].Mean.ShouldBe(first, (4 * scales[0].StandardError) + (0.02 * first));
        scales[1].Mean.ShouldBe(second, (4 * scales[1].StandardError) + (0.03 * second));
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Reference_sampling_should_match_the_reference_run()
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create("elpips-squeeze");
        var options = new MetricOptions { Samples = 35, Seed = 3, Sampling = Sampling.Reference };

        var result = metric.Measure(Load("cat"), Load("dog"), options, CancellationToken.None).Last();

        var error = result.StandardError.ShouldNotBeNull();
        result.Value.ShouldBe(0.0882, 3 * Math.Sqrt((error * error) + (0.0013 * 0.0013)));
        result.Samples.ShouldBe(40); // whole batches
        result.Fingerprint.ShouldContain("; scales 1–4 by 1/s²,");
        result.Fingerprint.ShouldEndWith("; reference batches of 10; n 40; seed 3");
    }

    [Fact]
    public void Measure_should_repeat_its_value_for_a_seed_and_differ_for_another()
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create("elpips-squeeze");
        var (a, b) = (ImageFixtures.Waves(3, 72, 80), ReferenceImages.Synthetic(7, 13, 29, 0, 72, 80));

        double Value(ulong seed) => metric.Measure(a, b, new MetricOptions { Samples = 6, Seed = seed }, CancellationToken.None).Last().Value;

        Value(5).ShouldBe(Value(5));
        Value(5).ShouldNotBe(Value(6));
    }

    [Fact]
    public void Measure_should_give_zero_for_equal_images_and_no_error_for_one_sample()
    {
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create("elpips-squeeze");
        var image = ImageFixtures.Waves(3, 64, 64);

        var result = metric.Measure(image, image, new MetricOptions { Samples = 1 }, CancellationToken.None).Last(); // a slow machine reports in between

        (result.Value, result.StandardError, result.Samples, result.Final).ShouldBe((0.0, null, 1, true));
    }

    [Fact]
    public void Measure_should_free_all_when_it_is_abandoned()
    {
        using var source = new CancellationTokenSource();
        using var metric = new MetricCatalog(ReferenceImages.Weights).Create("elpips-squeeze");
        var image = ImageFixtures.Waves(3, 64, 64);
        using var results = metric.Measure(image, image, new MetricOptions { Samples = 1000 }, source.Token).GetEnumerator();
        results.MoveNext().ShouldBeTrue();
        results.Current.Final.ShouldBeFalse();

        source.Cancel();

        Should.Throw<OperationCanceledException>(() => results.MoveNext());
    }

    private static ImageBuffer Load(string name) => ReferenceImages.Load($"elpips/{name}.png");

    private static double Distance(FeatureDistance distance, ELpipsTransform transform, string a, string b) =>
        Layers(distance, transform, Load(a), Load(b)).Sum();

    private static double[] Layers(FeatureDistance distance, ELpipsTransform transform, ImageBuffer a, ImageBuffer b)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return distance.Between(transform.Apply(a.ToTensor()), transform.Apply(b.ToTensor()), null).PerLayer();
    }
}
