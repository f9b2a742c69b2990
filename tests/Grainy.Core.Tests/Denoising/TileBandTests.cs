using Grainy.Core.Denoising;

namespace Grainy.Core.Tests.Denoising;

public sealed class TileBandTests
{
    [Theory]
    [InlineData(1, 16, 16, 32)]
    [InlineData(3, 33, 45, 32)]
    [InlineData(1, 257, 300, 32)]
    [InlineData(3, 700, 130, 4)]
    [InlineData(1, 131, 517, 4)]
    public void Untouched_tiles_should_give_the_image_back_row_by_row(int channels, int height, int width, int stride)
    {
        var image = ImageFixtures.Waves(channels, height, width);
        var rows = new MemoryRows(image);
        var sink = new MemorySink(channels, height, width);
        var band = new TileBand(width, height, channels, stride, 128, 32);

        for (var row = 0; row < band.Rows; row++)
        {
            var (top, count) = band.Span(row);
            (top % stride).ShouldBe(0);
            var cut = rows.Read(top, count);
            for (var column = 0; column < band.Columns; column++)
            {
                band.Blend(band.Cut(cut, row, column), row, column);
            }

            sink.Write(band.Finish(row), null);
        }

        sink.Image.Planes.ShouldAllBeClose(image.Planes, 1e-6);
    }

    [Fact]
    public void Tile_beyond_the_image_should_continue_it_by_reflection()
    {
        var image = ImageFixtures.Make(1, 16, 18, (_, y, x) => (y * 100) + x);

        var tile = new TileBand(18, 16, 1, 32, 128, 32).Cut(image, 0, 0);

        (tile.Width, tile.Height).ShouldBe((32, 32));
        tile.Planes[18].ShouldBe(16f); // one beyond the last column is the last but one
        tile.Planes[16 * 32].ShouldBe(1400f);
    }
}
