using Grainy.Core.Images;

namespace Grainy.Core.Tests.Images;

public sealed class PreviewTests
{
    private static readonly ImageFacts Float = new("TIFF", 1, 1, 1, 32, IsFloat: true, HadAlpha: false, Note: null);

    [Fact]
    public void Preview_should_shrink_by_the_mean_and_keep_the_shape()
    {
        var checks = ImageFixtures.Make(1, 40, 80, (_, y, x) => (x + y) % 2);

        var (small, facts) = ImageReader.Read(Preview.RenderPng(checks, 20));

        (facts.Width, facts.Height, facts.BitDepth).ShouldBe((20, 10, 8));
        small.Planes.ShouldAllBe(value => Math.Abs(value - (128 / 255f)) < 1e-6);
    }

    [Fact]
    public void Preview_should_never_enlarge() => ImageReader.Read(Preview.RenderPng(ImageFixtures.Waves(3, 8, 6), 100)).Facts.Width.ShouldBe(6);

    [Fact]
    public void Preview_should_map_black_and_white()
    {
        var image = new ImageBuffer(1, 1, 3, [0.1f, 0.15f, 0.3f]);

        ImageReader.Read(Preview.RenderPng(image, 10, 0.1, 0.2)).Image.Planes.ShouldBe([0, 128 / 255f, 1]);
        Should.Throw<ArgumentOutOfRangeException>(() => Preview.RenderPng(image, 10, 0.2, 0.2));
    }

    [Fact]
    public void Shrinking_should_keep_the_mean_for_sizes_that_do_not_divide()
    {
        var image = ImageFixtures.Waves(3, 101, 67);

        var small = Resize.ToLongerSide(image, 37);

        (small.Width, small.Height).ShouldBe((25, 37));
        ((double)small.Planes.Average()).ShouldBe(image.Planes.Average(), 1e-5);
    }

    [Fact]
    public void Enlarging_should_be_linear_between_centres()
    {
        var ramp = ImageFixtures.Make(1, 1, 4, (_, _, x) => x);

        Resize.To(ramp, 8, 1).Planes.ShouldAllBeClose([0, 0.25f, 0.75f, 1.25f, 1.75f, 2.25f, 2.75f, 3], 1e-6);
    }

    [Fact]
    public void Range_should_stay_whole_for_images_that_use_it()
    {
        DisplayRange.Of(ImageFixtures.Make(1, 50, 50, (_, _, x) => x * 0.0001), Float with { IsFloat = false, BitDepth = 8 }).ShouldBe((0, 1));
        DisplayRange.Of(ImageFixtures.Waves(3, 50, 50), Float).ShouldBe((0, 1));
    }

    [Fact]
    public void Range_should_follow_the_samples_of_dark_and_of_large_scales()
    {
        var (darkBlack, darkWhite) = DisplayRange.Of(
            ImageFixtures.Make(1, 100, 100, (_, y, x) => 0.01 + (((y * 100) + x) * 1e-6)), Float with { IsFloat = false, BitDepth = 16 });
        var (counts, most) = DisplayRange.Of(ImageFixtures.Make(1, 100, 100, (_, y, x) => (y * 100) + x), Float);

        darkBlack.ShouldBe(0.0101, 1e-5);
        darkWhite.ShouldBe(0.01997, 1e-5);
        (counts, most).ShouldBe((99, 9969));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5000)]
    [InlineData(-3)]
    public void Range_of_a_constant_should_still_be_a_range(double value)
    {
        var (black, white) = DisplayRange.Of(ImageFixtures.Make(1, 4, 4, (_, _, _) => value), Float);

        white.ShouldBeGreaterThan(black);
    }
}
