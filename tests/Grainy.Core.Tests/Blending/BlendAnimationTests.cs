using Grainy.Core.Blending;
using Grainy.Core.Images;

namespace Grainy.Core.Tests.Blending;

public sealed class BlendAnimationTests
{
    private static readonly ImageBuffer[] Frames =
        [.. Enumerable.Range(0, 3).Select(frame => ImageFixtures.Make(3, 40, 52, (c, y, x) => ((0.3 * frame) + (0.01 * c) + (x / 200.0) + (y / 200.0))))];

    [Theory]
    [InlineData(AnimationFormat.Gif, 0.05)]
    [InlineData(AnimationFormat.WebP, 0.05)]
    public void Write_should_show_all_frames_there_and_back(AnimationFormat format, double tolerance)
    {
        using var stream = new MemoryStream();

        BlendAnimation.Write(Frames, format, stream);

        var path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}{BlendAnimation.Extension(format)}");
        try
        {
            File.WriteAllBytes(path, stream.ToArray());
            ImageReader.Read(path).Facts.Pages.ShouldBe(4);
            int[] order = [0, 1, 2, 1];
            for (var page = 0; page < 4; page++)
            {
                var image = Page(path, format, page);
                image.HasSizeOf(Frames[0]).ShouldBeTrue();
                Math.Sqrt(ImageFixtures.MeanSquaredError(image, Frames[order[page]])).ShouldBeLessThan(tolerance);
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Write_should_refuse_frames_of_different_sizes() =>
        Should.Throw<ArgumentException>(() => BlendAnimation.Write([Frames[0], ImageFixtures.Waves(3, 40, 40)], AnimationFormat.Gif, Stream.Null))
            .Message.ShouldStartWith("An animation is made of at least two frames of the same size.");

    [Fact]
    public void WhyNot_should_name_the_program_that_is_missing()
    {
        BlendAnimation.WhyNot(AnimationFormat.Gif).ShouldBeNull();
        var reason = BlendAnimation.WhyNot(AnimationFormat.Mp4);
        using var stream = new MemoryStream();
        if (reason is null)
        {
            BlendAnimation.Write(Frames, AnimationFormat.Mp4, stream);
            stream.Length.ShouldBeGreaterThan(500);
        }
        else
        {
            reason.ShouldContain("ffmpeg");
            Should.Throw<InvalidOperationException>(() => BlendAnimation.Write(Frames, AnimationFormat.Mp4, stream)).Message.ShouldBe(reason);
        }
    }

    private static ImageBuffer Page(string path, AnimationFormat format, int page)
    {
        using var all = format == AnimationFormat.Gif ? NetVips.Image.Gifload(path, page: page) : NetVips.Image.Webpload(path, page: page);
        using var rgb = all.ExtractBand(0, n: 3);
        var bytes = rgb.WriteToMemory<byte>();
        return ImageFixtures.Make(3, rgb.Height, rgb.Width, (c, y, x) => bytes[(((y * rgb.Width) + x) * 3) + c] / 255.0);
    }
}
