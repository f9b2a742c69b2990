using Grainy.Core.Convolutions;

namespace Grainy.Core.Tests.Convolutions;

public sealed class SpreadTests
{
    [Theory]
    [InlineData(1000, 4)]
    [InlineData(3, 8)]
    [InlineData(5, 1)]
    [InlineData(0, 4)]
    public void For_should_do_every_part_once_and_return_when_all_are_done(int parts, int threads)
    {
        var done = new int[parts];

        Spread.For(parts, threads, part => Interlocked.Increment(ref done[part]));

        done.ShouldAllBe(times => times == 1);
    }

    [Fact]
    public void For_should_work_inside_of_a_part()
    {
        var done = 0;

        Spread.For(20, 4, _ => Spread.For(20, 4, _ => Interlocked.Increment(ref done)));

        done.ShouldBe(400);
    }

    [Fact]
    public void For_should_throw_what_a_part_threw_when_all_others_are_done()
    {
        var done = 0;

        Should.Throw<InvalidOperationException>(() => Spread.For(100, 4, part =>
        {
            Interlocked.Increment(ref done);
            if (part == 7)
            {
                throw new InvalidOperationException("seven");
            }
        })).Message.ShouldBe("seven");
        done.ShouldBe(100);
    }
}
