using Grainy.Core.Training.Masking;

namespace Grainy.Core.Tests.Training.Methods;

public sealed class PixelMaskTests
{
    private const int Side = 64;

    [Fact]
    public void Mask_should_hide_about_the_share_that_is_asked_for_and_leave_the_rest()
    {
        var values = Numbered(4, 3);

        var (hidden, mask) = new PixelMask(1.5, 5, median: false, MaskStructures.None, 1).Apply(values, 4, 3, Side, new Random(1));

        // Boxes of 8 × 8 cover 64 × 64 exactly: one pixel each.
        mask.Sum().ShouldBe(4 * 64);
        for (var i = 0; i < values.Length; i++)
        {
            if (mask[(i / (3 * Side * Side) * Side * Side) + (i % (Side * Side))] == 0)
            {
                hidden[i].ShouldBe(values[i]);
            }
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Replacements_should_come_from_the_surroundings_of_the_same_channel(bool median)
    {
        var values = Numbered(2, 3);

        var (hidden, mask) = new PixelMask(1.5, 5, median, MaskStructures.None, 1).Apply(values, 2, 3, Side, new Random(1));

        var changed = 0;
        for (var i = 0; i < values.Length; i++)
        {
            if (mask[(i / (3 * Side * Side) * Side * Side) + (i % (Side * Side))] == 1)
            {
                var (row, column, now) = (i / Side % Side, i % Side, (int)Math.Round(hidden[i]));
                (now / (Side * Side)).ShouldBe(i / (Side * Side));
                (now / Side % Side).ShouldBeInRange(row - 5, row + 5);
                (median || Math.Abs((now % Side) - column) <= 5).ShouldBeTrue();
                changed += hidden[i] != values[i] ? 1 : 0;
            }
        }

        // With 121 candidates one in 121 may be itself; the median of ascending numbers is the middle one away from the borders.
        changed.ShouldBeGreaterThan((int)(mask.Sum() * 3 * (median ? 0.1 : 0.9)));
    }

    [Fact]
    public void Median_should_leave_out_the_pixel_itself()
    {
        var values = new float[Side * Side];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = 1 + (i % 2);
        }

        var (hidden, mask) = new PixelMask(1.5, 1, median: true, MaskStructures.None, 1).Apply(values, 1, 1, Side, new Random(2));

        for (var i = 0; i < values.Length; i++)
        {
            if (mask[i] == 1 && i / Side is > 0 and < Side - 1 && i % Side is > 0 and < Side - 1)
            {
                // Of the eight around, six are of the other kind.
                hidden[i].ShouldBe(3 - values[i]);
            }
        }
    }

    [Theory]
    [InlineData(MaskStructures.Horizontal, 0, 2)]
    [InlineData(MaskStructures.Vertical, 2, 0)]
    [InlineData(MaskStructures.Cross, 2, 0)]
    [InlineData(MaskStructures.Cross, 0, 2)]
    [InlineData(MaskStructures.Square, 2, 2)]
    public void Structure_should_hide_the_neighbours_too_but_ask_for_the_middle_alone(string structure, int down, int right)
    {
        var values = Numbered(1, 1);

        var (hidden, mask) = new PixelMask(0.5, 5, median: true, structure, 5).Apply(values, 1, 1, Side, new Random(3));

        var middle = Array.FindIndex(mask, Side * 10, value => value == 1);
        (middle % Side).ShouldBeInRange(3, Side - 4, "choose another seed");
        hidden[middle + (down * Side) + right].ShouldNotBe(values[middle + (down * Side) + right]);
        mask[middle + (down * Side) + right].ShouldBe(0);
    }

    [Fact]
    public void Structure_should_not_be_a_source_of_replacements()
    {
        // Rows of equal noise: what is hidden must not come back from the same row nearby.
        var values = new float[Side * Side];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = i / Side;
        }

        var (hidden, mask) = new PixelMask(0.5, 3, median: false, MaskStructures.Horizontal, 7).Apply(values, 1, 1, Side, new Random(3));

        for (var i = 0; i < values.Length; i++)
        {
            if (mask[i] == 1)
            {
                hidden[i].ShouldNotBe(values[i]);
            }
        }
    }

    [Fact]
    public void Same_seed_should_hide_the_same() =>
        new PixelMask(1.5, 5, false, MaskStructures.None, 1).Apply(Numbered(1, 1), 1, 1, Side, new Random(4)).Values
            .ShouldBe(new PixelMask(1.5, 5, false, MaskStructures.None, 1).Apply(Numbered(1, 1), 1, 1, Side, new Random(4)).Values);

    private static float[] Numbered(int images, int channels) => [.. Enumerable.Range(0, images * channels * Side * Side).Select(i => (float)i)];
}
