using Grainy.Grains.Jobs;

namespace Grainy.Grains.Tests.Jobs;

public sealed class ThinningTests
{
    [Theory]
    [InlineData(10, 24)]
    [InlineData(1000, 24)]
    [InlineData(100_000, 200)]
    public void Series_should_stay_short_evenly_spread_and_end_with_the_newest(int count, int most)
    {
        var items = Array.Empty<long>();
        for (var step = 1L; step <= count; step++)
        {
            items = Thinning.Append(items, step, item => item, most);
            items.Length.ShouldBeLessThanOrEqualTo(most);
            items[^1].ShouldBe(step);
        }

        items[0].ShouldBe(1);
        items.Length.ShouldBeGreaterThanOrEqualTo(Math.Min(count, most / 2));
        var gaps = items.Zip(items.Skip(1), (a, b) => b - a).SkipLast(1).ToArray(); // the newest is wherever it is
        gaps.Max().ShouldBeLessThanOrEqualTo(gaps.Min() * 4);
    }

    [Fact]
    public void Late_report_should_be_dropped_and_the_same_step_replaced()
    {
        (long Step, string Text)[] items = [(1, "a"), (5, "b")];

        Thinning.Append(items, (3, "late"), item => item.Step, 24).ShouldBe(items);
        Thinning.Append(items, (5, "new"), item => item.Step, 24).ShouldBe([(1, "a"), (5, "new")]);
    }
}
