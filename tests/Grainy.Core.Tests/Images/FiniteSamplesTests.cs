using Grainy.Core.Images;

namespace Grainy.Core.Tests.Images;

public sealed class FiniteSamplesTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(101)]
    public void LargestMagnitude_should_find_the_largest_wherever_it_is(int count)
    {
        for (var place = 0; place < count; place++)
        {
            var samples = new float[count];
            Array.Fill(samples, 0.5f);
            samples[place] = -3.25f;

            FiniteSamples.LargestMagnitude(samples).ShouldBe(3.25f);
            FiniteSamples.AllFinite(samples).ShouldBeTrue();
        }

        FiniteSamples.LargestMagnitude(new float[count]).ShouldBe(0);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void AllFinite_should_see_each_that_is_not(float value)
    {
        for (var place = 0; place < 70; place++)
        {
            var samples = new float[70];
            Array.Fill(samples, float.MaxValue);
            samples[place] = value;

            FiniteSamples.AllFinite(samples).ShouldBeFalse();
        }
    }
}
