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
    [InlineData(2, 1, 16.5)] // columns balance each other, rows do not; shifts add up to half a pixel
    [InlineData(4, 0, 34)]
    [InlineData(8, 0, 38)]
    public void Denoise_should_average_what_depends_on_the_orientation(int count, int byRow, double offset)
    {
        var square = new ImageBuffer(1, 64, 64, new float[64 * 64]);
        // Errs by row and column together: 0 in one corner, 126 in the other.
        using var tiles = new OrientedTiles(new Fake((place, _) => (place / 64) + (place % 64)), count);

        var image = tiles.Denoise(square, uncertainty: false).Image;

        foreach (var (row, column) in new[] { (16, 16), (16, 47), (30, 21), (47, 47) })
        {
            image.Planes[(row * 64) + column].ShouldBe((float)((byRow * row) + offset + (byRow == 1 ? 16 : 32)), 1e-4f);
        }
    }

    /// <summary>What was shifted in is the picture in a mirror: a pixel would see its own noise there.</summary>
    [Fact]
    public void Denoise_should_take_nothing_from_where_it_was_shifted_in()
    {
        using var tiles = new OrientedTiles(new Fake((place, value) => place / 32 < 1 || place % 32 < 1 ? 100 : value), 2);

        var image = tiles.Denoise(ImageFixtures.Waves(1, 32, 32), uncertainty: false).Image;

        image.Planes[40..].Where((_, at) => (at + 40) % 32 > 0).ShouldAllBe(value => value <= 1);
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
