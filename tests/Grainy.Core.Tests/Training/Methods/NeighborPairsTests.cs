using Grainy.Core.Training.Neighbors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Training.Methods;

[LeavesNoTensors]
public sealed class NeighborPairsTests
{
    [Fact]
    public void Pairs_should_be_two_different_pixels_that_share_an_edge_of_their_cell()
    {
        using var scope = NewDisposeScope();
        using var pairs = new NeighborPairs(2, 64, 48, new Random(1));
        var places = arange(2 * 64 * 48, dtype: float32).view(2, 1, 64, 48);
        var x = cat([places, places], 1); // two channels

        var (first, second) = (pairs.First(x), pairs.Second(x));

        first.ShouldHaveShape(2, 2, 32, 24);
        first.select(1, 0).ToFloats().ShouldBe(first.select(1, 1).ToFloats());
        var (a, b) = (first.select(1, 0).ToFloats(), second.select(1, 0).ToFloats());
        var seen = new int[8];
        for (var i = 0; i < a.Length; i++)
        {
            var cell = (Image: i / (32 * 24), Row: i / 24 % 32 * 2, Column: i % 24 * 2);
            var (da, db) = (Within((int)a[i], cell), Within((int)b[i], cell));
            (Math.Abs(da.Row - db.Row) + Math.Abs(da.Column - db.Column)).ShouldBe(1);
            seen[(((da.Row * 2) + da.Column) * 2) + (da.Row == db.Row ? 0 : 1)]++;
        }

        // 1,536 cells over 8 ordered pairs: 192 expected, 5 standard errors are 65; a fair sampler fails one seed in 200,000.
        seen.ShouldAllBe(count => count > 127 && count < 257);

        static (int Row, int Column) Within(int place, (int Image, int Row, int Column) cell)
        {
            var (row, column) = ((place / 48 % 64) - cell.Row, (place % 48) - cell.Column);
            (place / (64 * 48)).ShouldBe(cell.Image);
            row.ShouldBeInRange(0, 1);
            column.ShouldBeInRange(0, 1);
            return (row, column);
        }
    }

    [Fact]
    public void Gradient_should_return_to_the_pixels_that_were_taken()
    {
        using var scope = NewDisposeScope();
        using var pairs = new NeighborPairs(1, 4, 4, new Random(1));
        var x = rand(1, 1, 4, 4).requires_grad_();

        pairs.First(x).sum().backward();

        x.grad!.ToFloats().Sum().ShouldBe(4);
        x.grad!.ToFloats().ShouldAllBe(value => value == 0 || value == 1);
    }

    [Fact]
    public void Odd_sides_should_be_refused() =>
        Should.Throw<ArgumentException>(() => new NeighborPairs(1, 5, 4, new Random(1))).Message.ShouldContain("2 × 2");
}
