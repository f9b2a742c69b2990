using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Maps;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Golden values of the spatial mode: the independent float32 PyTorch 1.13 script, 2026-11-23.</summary>
[LeavesNoTensors]
public sealed class MetricMapTests
{
    private static readonly MetricCatalog Catalog = new(ReferenceImages.Weights);

    [Theory]
    [InlineData("lpips-alex", "p0", 0.72185802, null, null)]
    [InlineData("lpips-alex", "p1", 0.13755424, null, null)]
    [InlineData("lpips-squeeze", "p0", 0.71102303, 0.51031935, 0.89062822)]
    [InlineData("lpips-squeeze", "p1", 0.14789709, 0.10621320, 0.25220260)]
    public void Map_should_give_the_reference_mean_least_and_largest(string metric, string other, double mean, double? least, double? largest)
    {
        var map = Map(metric, ReferenceImages.Load("lpips/ex_ref.png"), ReferenceImages.Load($"lpips/ex_{other}.png"));

        map.Mean.ShouldBe(mean, 1e-5 * mean);
        ((double)map.Sum.Planes.Min()).ShouldBe(least ?? map.Sum.Planes.Min(), 1e-5);
        ((double)map.Sum.Planes.Max()).ShouldBe(largest ?? map.Sum.Planes.Max(), 1e-5);
    }

    [Theory]
    [InlineData("lpips-alex", 64, 64)]
    [InlineData("lpips-squeeze", 131, 78)]
    [InlineData("builtin", 65, 97)]
    public void Map_should_be_the_sum_of_its_layers_and_agree_with_the_value(string metric, int height, int width)
    {
        var (a, b) = Pair(height, width);

        var map = Map(metric, a, b);

        using var whole = Catalog.Create(metric);
        map.Value.ShouldBe(whole.Measure(a, b, new MetricOptions(), TestContext.Current.CancellationToken).Last().Value, 1e-6 * map.Value);
        map.Mean.ShouldBe(map.Value, 0.02 * map.Value);
        (map.Sum.Channels, map.Sum.Height, map.Sum.Width).ShouldBe((1, height, width));
        map.Layers.Count.ShouldBe(metric == "lpips-alex" ? 5 : 7);
        for (var i = 0; i < map.Sum.Planes.Length; i += 37)
        {
            map.Layers.Sum(layer => (double)layer.Map.Planes[i]).ShouldBe(map.Sum.Planes[i], 1e-5);
        }
    }

    [Theory]
    [InlineData("lpips-squeeze")]
    [InlineData("builtin")]
    [InlineData("elpips-squeeze")]
    [InlineData("elpips-builtin")]
    [InlineData("psnr")]
    [InlineData("ssim")]
    public void Map_should_point_to_the_place_that_was_changed(string metric)
    {
        var image = ImageFixtures.Waves(3, 160, 192);
        // A checkerboard of 16 × 16 pixels around x = 144, y = 40: within reach of the mirrored borders of no transform, and not on an axis of symmetry.
        var changed = ImageFixtures.Make(3, 160, 192, (c, y, x) =>
            image.Plane(c)[(y * 192) + x] + (x is >= 136 and < 152 && y is >= 32 and < 48 ? ((((x / 2) + (y / 2)) % 2) - 0.5) * 0.4 : 0));

        var map = Map(metric, image, changed, new MetricOptions { Samples = 6 });

        double all = 0, near = 0;
        for (var i = 0; i < map.Sum.Planes.Length; i++)
        {
            var (y, x) = Math.DivRem(i, 192);
            all += map.Sum.Planes[i];
            near += Math.Abs(x - 144) < 48 && Math.Abs(y - 40) < 48 ? map.Sum.Planes[i] : 0;
        }

        near.ShouldBeGreaterThan(0.9 * all);
        var (row, column) = Math.DivRem(Array.IndexOf(map.Sum.Planes, map.Sum.Planes.Max()), 192);
        row.ShouldBeInRange(40 - 20, 40 + 20);
        column.ShouldBeInRange(144 - 20, 144 + 20);
        map.Sum.Planes.Min().ShouldBeGreaterThanOrEqualTo(-1e-6f);
    }

    [Theory]
    [InlineData("adv_anchor")]
    [InlineData("adv_vgg_sqz")]
    public void Mean_of_an_ensembles_map_should_agree_with_its_value(string other)
    {
        var map = Map("elpips-squeeze", ReferenceImages.Load($"elpips/{other}.png"), ReferenceImages.Load("elpips/adv_reference.png"), new MetricOptions { Samples = 10 });

        map.Mean.ShouldBe(map.Value, 0.05 * map.Value);
        map.Layers.Count.ShouldBe(10);
        map.Fingerprint.ShouldContain("scales 1–5");
        map.Fingerprint.ShouldContain("n 10; seed 1");
    }

    [Fact]
    public void Ensemble_should_give_the_same_map_for_a_seed_and_zero_for_equal_images()
    {
        var (a, b) = Pair(72, 80);
        float[] Sum(ulong seed) => Map("elpips-builtin", a, b, new MetricOptions { Samples = 3, Seed = seed }).Sum.Planes;

        Sum(4).ShouldBe(Sum(4));
        Sum(4).ShouldNotBe(Sum(5));
        Map("elpips-builtin", a, a, new MetricOptions { Samples = 3 }).Sum.Planes.ShouldAllBe(value => value == 0);
    }

    [Fact]
    public void Psnr_and_ssim_should_be_means_of_their_maps()
    {
        var (a, b) = Pair(40, 50);
        using var ssim = Catalog.Create("ssim");

        var (errors, dissimilarity) = (Map("psnr", a, b), Map("ssim", a, b));

        errors.Value.ShouldBe(PsnrMetric.Between(a, b), 1e-9);
        ((double)errors.Sum.Planes.Average()).ShouldBe(Math.Pow(10, -errors.Value / 10), 1e-6);
        dissimilarity.Value.ShouldBe(ssim.Measure(a, b, new MetricOptions(), TestContext.Current.CancellationToken).Last().Value, 1e-12);
        dissimilarity.Mean.ShouldBe(1 - dissimilarity.Value, 1e-12);
        var inside = Enumerable.Range(5, 30).SelectMany(y => Enumerable.Range(5, 40).Select(x => (double)dissimilarity.Sum.Planes[(y * 50) + x])).Average();
        inside.ShouldBe(dissimilarity.Mean, 1e-6);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Undo_should_bring_pixels_back_to_where_they_came_from(int scale)
    {
        var transform = new ELpipsTransform
        {
            Scale = scale,
            Phase = (scale - 1, 0),
            Shift = (2, 7),
            FlipRows = true,
            FlipColumns = scale == 2,
            Transpose = scale != 3,
        };
        using var scope = NewDisposeScope();
        // Constant in blocks that are aligned with those of the transform, so that averaging loses nothing.
        var image = ImageFixtures.Make(3, 24, 30, (c, y, x) => (((y + scale - 1) / scale * 31) + (x / scale * 7) + c) % 17 / 17.0);

        var back = transform.Undo(transform.Apply(image.ToTensor()), 24, 30).ToFloats();

        // The blocks of the first and the last row reach beyond the picture and hold mirrored rows of their neighbours too.
        float[] Inner(float[] planes) => [.. planes.Where((_, i) => i / 30 % 24 is > 0 and < 23)];
        Inner(back).ShouldAllBeClose(Inner(image.Planes), 1e-6);
    }

    [Theory]
    [InlineData(1, 5)]
    [InlineData(5, 5)]
    [InlineData(5, 64)]
    [InlineData(5, 3)]
    public void Draws_should_weigh_one_together_and_each_scale_by_its_probability(int scales, int samples)
    {
        var draws = MapDraws.Make(scales, samples, 9);

        draws.Count.ShouldBe(samples);
        draws.Sum(draw => draw.Weight).ShouldBe(1, 1e-12);
        if (samples >= scales)
        {
            var probabilities = ELpipsSampler.Probabilities(scales);
            for (var scale = 1; scale <= scales; scale++)
            {
                draws.Where(draw => draw.Draw.Transform.Scale == scale).Sum(draw => draw.Weight).ShouldBe(probabilities[scale - 1], 1e-12);
            }
        }
    }

    [Fact]
    public void Map_should_be_refused_for_a_product_over_scales()
    {
        MetricMaps.IsAvailable("ms-ssim").ShouldBeFalse();
        Should.Throw<ArgumentException>(() => Map("ms-ssim", ReferenceImages.Flat(0, 200), ReferenceImages.Flat(1, 200))).Message.ShouldContain("choose a metric");
    }

    [Fact]
    public void Map_should_stop_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        var (a, b) = Pair(64, 64);
        using var run = MetricMaps.Compute("elpips-builtin", a, b, new MetricOptions(), Catalog, source.Token).GetEnumerator();
        run.MoveNext().ShouldBeTrue();

        source.Cancel();

        Should.Throw<OperationCanceledException>(() =>
        {
            while (run.MoveNext())
            {
            }
        });
    }

    private static MetricMap Map(string metric, ImageBuffer a, ImageBuffer b, MetricOptions? options = null)
    {
        var last = MetricMaps.Compute(metric, a, b, options ?? new MetricOptions(), Catalog, TestContext.Current.CancellationToken).Last();
        last.Fraction.ShouldBe(1);
        return last.Map.ShouldNotBeNull();
    }

    private static (ImageBuffer A, ImageBuffer B) Pair(int height, int width) =>
        (ImageFixtures.Waves(3, height, width), ReferenceImages.Synthetic(7, 13, 29, 0, height, width));
}
