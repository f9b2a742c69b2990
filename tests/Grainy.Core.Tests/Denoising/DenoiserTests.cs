using Grainy.Core.Denoising;
using Grainy.Core.Images;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class DenoiserTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(1, 16, 16)]
    [InlineData(3, 17, 45)]
    [InlineData(3, 40, 300)] // more than one tile
    public void Result_should_have_the_size_of_the_input(int channels, int height, int width)
    {
        var image = ImageFixtures.Waves(channels, height, width);

        var updates = Denoiser.Run(Random(channels), image, 0.1, Token).ToList();

        updates.Select(update => update.TilesDone).ShouldBe(Enumerable.Range(1, updates[^1].Tiles));
        updates[..^1].ShouldAllBe(update => update.Result == null);
        updates[^1].Result!.HasSizeOf(image).ShouldBeTrue();
        updates[^1].Result!.Planes.ShouldAllBe(value => float.IsFinite(value));
    }

    [Theory]
    [InlineData(3, 1)]
    [InlineData(1, 3)]
    public void Model_should_take_images_of_the_other_kind(int modelChannels, int imageChannels)
    {
        var image = ImageFixtures.Waves(imageChannels, 24, 20);

        var result = Denoiser.Run(Random(modelChannels), image, 0.1, Token).Last().Result!;

        result.HasSizeOf(image).ShouldBeTrue();
    }

    [Fact]
    public void Almost_no_noise_should_leave_the_image_as_it_is()
    {
        var image = ImageFixtures.Waves(3, 64, 48);

        var result = Denoiser.Run(Random(3), image, 1e-5, Token).Last().Result!;

        ImageFixtures.PeakSignalToNoise(result, image).ShouldBeGreaterThan(60);
    }

    [Fact]
    public void Scale_of_the_model_should_not_change_the_result()
    {
        var image = ImageFixtures.Waves(1, 32, 32);
        var dark = ImageFixtures.Make(1, 32, 32, (c, y, x) => (image.Planes[(y * 32) + x] * 0.001) + 0.02);
        var model = Random(1);
        var scaled = new DenoiserModel(model.Settings with { RangeOffset = 0.02, RangeScale = 0.001 }, model.Weights, "");

        var expected = Denoiser.Run(model, image, 0.1, Token).Last().Result!;
        var actual = Denoiser.Run(scaled, dark, 0.0001, Token).Last().Result!;

        actual.Planes.Select(value => (float)((value - 0.02) / 0.001)).ToArray().ShouldAllBeClose(expected.Planes, 1e-3);
    }

    [Fact]
    public void Tiles_should_meet_without_a_seam()
    {
        // The prediction of a tile differs near its edges from that of the whole; the blend must not show it as a step.
        var image = ImageFixtures.Waves(1, 32, 560);
        var model = Random(1);
        var blended = Denoiser.Run(model, image, 0.2, Token).Last().Result!;
        using var network = new BlindSpotNetwork(BlindSpotLayout.Of(model.Settings.Preset, model.Settings.Channels));
        network.Parameters.Load(model.Weights);
        var square = ImageFixtures.Make(1, 560, 560, (_, y, x) => image.Plane(0)[(Mirror.Index(y, 32) * 560) + x]);
        var whole = BlindSpotTiles.Denoise(network, square, 0.2);

        Steps(blended).ShouldAllBeClose(Steps(whole), 0.01);

        static float[] Steps(ImageBuffer image) =>
            [.. Enumerable.Range(0, 559).Select(x => image.Plane(0)[(12 * 560) + x + 1] - image.Plane(0)[(12 * 560) + x])];
    }

    [Fact]
    public void Too_small_an_image_should_be_refused_in_one_sentence() =>
        Should.Throw<ArgumentException>(() => Denoiser.Run(Random(1), ImageFixtures.Waves(1, 15, 40), 0.1, Token))
            .Message.ShouldStartWith("An image of 40 × 15 pixels is too small");

    [Fact]
    public void Cancellation_should_stop_between_tiles()
    {
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using var run = Denoiser.Run(Random(1), ImageFixtures.Waves(1, 64, 400), 0.2, source.Token).GetEnumerator();

        run.MoveNext().ShouldBeTrue();
        source.Cancel();

        Should.Throw<OperationCanceledException>(() => run.MoveNext());
    }

    internal static DenoiserModel Random(int channels)
    {
        using var network = BlindSpotNetworkTests.Make("compact", channels);
        return new DenoiserModel(
            new DenoiserSettings { Preset = "compact", Channels = channels, LowestSigma = 0.1, HighestSigma = 0.1 }, network.Parameters.ToArray(), "# Test\n");
    }
}
