using Grainy.Core.Images;
using Grainy.Core.Metrics.Maps;

namespace Grainy.Core.Tests.Metrics;

public sealed class ColourMapTests
{
    [Fact]
    public void Lightness_should_rise_evenly_from_black_to_nearly_white()
    {
        var lightness = Enumerable.Range(0, 65).Select(i => Lightness(ColourMap.At(i / 64.0))).ToArray();

        lightness[0].ShouldBeLessThan(2);
        lightness[^1].ShouldBeGreaterThan(93);
        for (var i = 1; i < lightness.Length; i++)
        {
            // An even step is 97 / 64 = 1.52; bytes round it.
            (lightness[i] - lightness[i - 1]).ShouldBeInRange(0.8, 2.2);
        }
    }

    [Fact]
    public void Neighbours_should_differ_in_no_channel_by_a_visible_jump()
    {
        for (var i = 1; i < 256; i++)
        {
            var (before, after) = (ColourMap.At((i - 1) / 255.0), ColourMap.At(i / 255.0));
            Math.Max(Math.Abs(before.R - after.R), Math.Max(Math.Abs(before.G - after.G), Math.Abs(before.B - after.B))).ShouldBeLessThanOrEqualTo(9);
        }
    }

    [Fact]
    public void RenderPng_should_map_zero_to_the_darkest_and_the_largest_to_the_lightest()
    {
        var map = new ImageBuffer(1, 1, 3, [0, 0.25f, 0.5f]);

        ColoursOf(ColourMap.RenderPng(map)).ShouldBe([ColourMap.At(0), ColourMap.At(0.5), ColourMap.At(1)]);
        ColoursOf(ColourMap.RenderPng(map, 0.25)).ShouldBe([ColourMap.At(0), ColourMap.At(1), ColourMap.At(1)]);
        ColoursOf(ColourMap.RenderPng(new ImageBuffer(1, 1, 3, new float[3]))).Distinct().ShouldBe([ColourMap.At(0)]);
        ColourMap.At(double.NaN).ShouldBe(ColourMap.At(0));
    }

    [Fact]
    public void RenderPng_should_refuse_colour_and_an_empty_range()
    {
        Should.Throw<ArgumentException>(() => ColourMap.RenderPng(new ImageBuffer(3, 1, 1, new float[3])));
        Should.Throw<ArgumentException>(() => ColourMap.RenderPng(new ImageBuffer(1, 1, 1, new float[1]), 0));
    }

    private static (byte R, byte G, byte B)[] ColoursOf(byte[] png)
    {
        var image = ImageReader.Read(png).Image;
        (image.Channels, image.Height).ShouldBe((3, 1));
        byte At(int channel, int x) => (byte)Math.Round(image.Plane(channel)[x] * 255);
        return [.. Enumerable.Range(0, image.Width).Select(x => (At(0, x), At(1, x), At(2, x)))];
    }

    // CIE L*.
    private static double Lightness((byte R, byte G, byte B) colour)
    {
        static double Light(byte value) => value <= 10 ? value / 255.0 / 12.92 : Math.Pow(((value / 255.0) + 0.055) / 1.055, 2.4);
        var y = (0.2126 * Light(colour.R)) + (0.7152 * Light(colour.G)) + (0.0722 * Light(colour.B));
        return y > 0.008856 ? (116 * Math.Cbrt(y)) - 16 : 903.3 * y;
    }
}
