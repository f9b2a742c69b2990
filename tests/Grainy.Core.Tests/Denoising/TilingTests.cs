using Grainy.Core.Denoising;

namespace Grainy.Core.Tests.Denoising;

public sealed class TilingTests
{
    [Fact]
    public void Tiles_should_start_on_the_stride_overlap_enough_and_cover_everything()
    {
        foreach (var length in Enumerable.Range(16, 1500))
        {
            foreach (var stride in new[] { 4, 32 })
            {
                var starts = Tiling.Starts(length, 256, 64, stride);

                starts.ShouldAllBe(start => start % stride == 0);
                starts[0].ShouldBe(0);
                (starts[^1] + 256).ShouldBeGreaterThanOrEqualTo(length);
                for (var i = 1; i < starts.Length; i++)
                {
                    (starts[i - 1] + 256 - starts[i]).ShouldBeGreaterThanOrEqualTo(64);
                }
            }
        }
    }

    [Theory]
    [InlineData(768, 512, 512)] // two squares
    [InlineData(512, 768, 512)]
    [InlineData(100, 20, 104)] // one square for all
    [InlineData(600, 600, 336)] // four of these are less than four of 512
    public void Side_should_leave_the_least_to_compute(int width, int height, int expected) =>
        Tiling.Side(width, height, 512, 64, 8).ShouldBe(expected);

    [Fact]
    public void Side_should_suit_every_size()
    {
        foreach (var width in Enumerable.Range(16, 1500).Where(width => width % 7 == 0))
        {
            var side = Tiling.Side(width, 300, 256, 64, 32);

            (side % 32).ShouldBe(0);
            side.ShouldBeInRange(32, Math.Max(256, 320));
            (Tiling.Starts(width, side, 64, 32)[^1] + side).ShouldBeGreaterThanOrEqualTo(width);
        }
    }

    [Fact]
    public void Window_should_be_flat_where_no_neighbour_is_and_fall_to_nothing_where_one_is()
    {
        var window = Tiling.Window(256, 64, neighbourBefore: false, neighbourAfter: true);

        window[..192].ShouldAllBe(weight => weight == 1);
        window[255].ShouldBeLessThan(0.001f);
        window[192..].Zip(window[193..]).ShouldAllBe(pair => pair.First >= pair.Second);
    }
}
