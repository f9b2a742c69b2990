using Grainy.Core.Denoising;
using Grainy.Core.Images;

namespace Grainy.Core.Tests.Denoising;

public sealed class OrientedTilesTests
{
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    [InlineData(8)]
    public void Denoise_should_give_back_what_a_denoiser_without_effect_was_given(int count)
    {
        var square = ImageFixtures.Waves(3, 32, 32);
        using var tiles = new OrientedTiles(new Fake((_, value) => value), count);

        var result = tiles.Denoise(square, uncertainty: true);

        result.Image.Planes.Zip(square.Planes).ShouldAllBe(pair => Math.Abs(pair.First - pair.Second) < 1e-6);
        result.Deviation!.Planes.ShouldAllBe(value => Math.Abs(value - 0.5f) < 1e-6);
    }

    [Theory]
    [InlineData(2, 15.5f, 46.5f)] // columns balance each other, rows do not
    [InlineData(4, 31, 31)]
    [InlineData(8, 31, 31)]
    public void Denoise_should_average_what_depends_on_the_orientation(int count, float top, float bottom)
    {
        var square = new ImageBuffer(1, 32, 32, new float[32 * 32]);
        // Errs by row and column together: 0 in one corner, 62 in the other.
        using var tiles = new OrientedTiles(new Fake((place, _) => (place / 32) + (place % 32)), count);

        var image = tiles.Denoise(square, uncertainty: false).Image;

        image.Planes[..32].ShouldAllBe(value => Math.Abs(value - top) < 1e-4);
        image.Planes[^32..].ShouldAllBe(value => Math.Abs(value - bottom) < 1e-4);
    }

    [Fact]
    public void Run_should_refuse_a_number_of_orientations_that_there_is_not() =>
        Should.Throw<ArgumentException>(() => Denoiser.Run(DenoiserModel.BuiltIn, ImageFixtures.Waves(3, 64, 64), new DenoiseOptions { Orientations = 3 }, CancellationToken.None))
            .Message.ShouldBe("3 orientations cannot be averaged; choose 1, 2, 4 or 8.");

    private sealed class Fake(Func<int, float, float> sample) : ITileDenoiser
    {
        public int Stride => 4;

        public int LargestSide => 256;

        public DenoisedTile Denoise(ImageBuffer square, bool uncertainty)
        {
            var plane = square.Width * square.Height;
            float[] image = [.. square.Planes.Select((value, at) => sample(at % plane, value))];
            return new DenoisedTile(
                new ImageBuffer(square.Channels, square.Height, square.Width, image),
                uncertainty ? new ImageBuffer(square.Channels, square.Height, square.Width, [.. image.Select(_ => 0.5f)]) : null);
        }

        public void Dispose()
        {
        }
    }
}
