using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Tiles and batches against the plain calculation by tensors.</summary>
[LeavesNoTensors]
public sealed class TiledDistanceTests
{
    private const double Relative = 1e-5;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string> Networks => [.. RandomNetworks.Names];

    private static readonly ELpipsTransform Everything = new()
    {
        Scale = 2,
        Phase = (1, 0),
        Shift = (6, 1),
        FlipRows = true,
        Transpose = true,
        Permutation = (1, 2, 0),
        Factors = (0.3f, 0.7f, 0.9f),
    };

    [Theory]
    [MemberData(nameof(Networks))]
    public void Tiles_should_give_the_layers_of_the_whole_picture(string network)
    {
        using var distance = RandomNetworks.Distance(network);
        var field = distance.Network.Field;
        // Just too long for one tile, and two are enough.
        var (tile, length) = ((2 * field.Halo) + field.Stride, (4 * field.Halo) + field.Stride + 5);
        foreach (var (height, width) in field.Halo > 50 ? [(length, 45), (51, length)] : new[] { (length, length + 6) })
        {
            var (a, b) = Pair(height, width);
            var tiles = 0;
            double[] layers = [];

            foreach (var _ in new TiledDistance(distance, a, [b], tile).Measure([PictureDraw.Plain], (_, values) => layers = values[0], Token))
            {
                tiles++;
            }

            tiles.ShouldBe(height < length ? 2 : width < length ? 2 : 4);
            ShouldAgree(layers, Plain(distance, ELpipsTransform.Identity, a, b));
        }
    }

    [Trait("Category", "slow")]
    [Theory]
    [MemberData(nameof(Networks))]
    public void Whole_pictures_should_agree_with_the_plain_calculation(string network)
    {
        using var distance = RandomNetworks.Distance(network);
        foreach (var (height, width) in new[] { (64, 64), (65, 97), (131, 78), (47, 33) })
        {
            var (a, b) = Pair(height, width);

            ShouldAgree(Measure(distance, PictureDraw.Plain, a, b)[0], Plain(distance, ELpipsTransform.Identity, a, b));
        }
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    public void Tiles_of_a_transformed_picture_should_give_its_layers(int scale, bool transpose)
    {
        using var distance = RandomNetworks.Distance("squeeze full");
        var transform = Everything with { Scale = scale, Phase = (scale - 1, 0), Transpose = transpose, FlipColumns = scale == 3 };
        var (a, b) = Pair((scale * 371) - 5, (scale * 330) - 8);
        double[] layers = [];

        foreach (var _ in new TiledDistance(distance, a, [b], 96).Measure([new PictureDraw(transform, null)], (_, values) => layers = values[0], Token))
        {
        }

        ShouldAgree(layers, Plain(distance, transform, a, b));
    }

    [Fact]
    public void Draws_and_pictures_should_not_depend_on_what_they_are_computed_with()
    {
        using var distance = RandomNetworks.Distance("squeeze full");
        var (a, _) = Pair(70, 94);
        var others = Enumerable.Range(0, 11).Select(i => Pair(70, 94, i).B).ToArray();
        PictureDraw[] draws =
        [
            new(Everything with { Scale = 1 }, 5), new(Everything, 6), new(Everything with { Scale = 1, Transpose = false }, 7), new(Everything with { Scale = 1 }, null),
        ];
        var together = new double[draws.Length][][];

        foreach (var _ in new TiledDistance(distance, a, others).Measure(draws, (draw, values) => together[draw] = values, Token))
        {
        }

        for (var draw = 0; draw < draws.Length; draw++)
        {
            for (var other = 0; other < others.Length; other++)
            {
                ShouldAgree(together[draw][other], Measure(distance, draws[draw], a, others[other])[0]);
            }
        }

        together[3][0].Sum().ShouldNotBe(together[0][0].Sum());
    }

    [Fact]
    public void Small_distances_should_keep_their_digits()
    {
        using var distance = RandomNetworks.Distance("squeeze lpips");
        var (a, _) = Pair(65, 97);
        var (height, width) = (a.Height, a.Width);
        var near = ImageFixtures.Make(3, height, width, (c, y, x) => a.Plane(c)[(y * width) + x] + ((x + y) % 3 * 1e-4));

        var measured = Measure(distance, PictureDraw.Plain, a, near)[0];
        Measure(distance, PictureDraw.Plain, a, a)[0].ShouldAllBe(value => value == 0);

        using var exact = RandomNetworks.Distance("squeeze lpips");
        exact.ConvertTo(float64);
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var expected = exact.Between(a.ToTensor().to(float64), near.ToTensor().to(float64), null).data<double>().ToArray();
        expected.Sum().ShouldBeLessThan(1e-4);
        foreach (var (actual, wanted) in measured.Zip(expected))
        {
            // Rounding of float32 features whose differences are a ten-thousandth of them.
            actual.ShouldBe(wanted, 0.02 * wanted);
        }
    }

    [Fact]
    public void Grey_should_be_taken_as_equal_channels()
    {
        using var distance = RandomNetworks.Distance("compact");
        var (grey, other) = (ImageFixtures.Waves(1, 50, 64), Pair(50, 64).B);

        Measure(distance, PictureDraw.Plain, grey, other)[0].ShouldBe(Measure(distance, PictureDraw.Plain, grey.ToRgb(), other)[0]);
    }

    [Fact]
    public void Measure_should_stop_between_tiles()
    {
        using var distance = RandomNetworks.Distance("compact");
        using var source = new CancellationTokenSource();
        var (a, b) = Pair(300, 300);
        using var run = new TiledDistance(distance, a, [b], 64).Measure([PictureDraw.Plain], (_, _) => { }, source.Token).GetEnumerator();
        run.MoveNext().ShouldBeTrue();
        run.Current.ShouldBeLessThan(0.1);

        source.Cancel();

        Should.Throw<OperationCanceledException>(() => run.MoveNext());
    }

    private static double[][] Measure(FeatureDistance distance, PictureDraw draw, ImageBuffer a, params ImageBuffer[] others)
    {
        double[][] result = [];
        foreach (var _ in new TiledDistance(distance, a, others).Measure([draw], (_, values) => result = values, Token))
        {
        }

        return result;
    }

    private static double[] Plain(FeatureDistance distance, ELpipsTransform transform, ImageBuffer a, ImageBuffer b)
    {
        using var scope = NewDisposeScope();
        // With gradients on, the tensor library computes.
        return distance.Between(transform.Apply(a.ToTensor()), transform.Apply(b.ToTensor()), null).PerLayer();
    }

    private static (ImageBuffer A, ImageBuffer B) Pair(int height, int width, int variant = 0) =>
        (ImageFixtures.Waves(3, height, width), ReferenceImages.Synthetic(7 + variant, 13, 29, 0, height, width));

    private static void ShouldAgree(double[] actual, double[] expected)
    {
        actual.Length.ShouldBe(expected.Length);
        foreach (var (value, wanted) in actual.Zip(expected))
        {
            value.ShouldBe(wanted, Relative * wanted);
        }
    }
}
