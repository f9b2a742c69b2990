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

    [Theory]
    [InlineData(40, 52)]
    [InlineData(41, 51)]
    public void Write_should_make_a_film_of_all_frames_in_their_colours(int height, int width)
    {
        Film.RequireTools();
        // Saturated colours: read by the wrong matrix, they would be off by more than the tolerance.
        ImageBuffer[] frames = [.. Enumerable.Range(0, 3).Select(frame => ImageFixtures.Make(3, height, width, (c, _, x) => c == frame ? 0.8 : 0.1 + (x / 500.0)))];
        var folder = Directory.CreateTempSubdirectory("grainy-film-test");
        try
        {
            var file = Path.Combine(folder.FullName, "film.mp4");
            using (var stream = File.Create(file))
            {
                BlendAnimation.Write(frames, AnimationFormat.Mp4, stream, framesPerSecond: 4);
            }

            Film.Probe(file).ShouldBe(new Film("h264", 52, (height + 1) / 2 * 2, 4, 1));
            var shown = Film.Decode(file, folder.FullName).Select(picture => ImageReader.Read(picture).Image).ToArray();
            int[] order = [0, 1, 2, 1];
            for (var i = 0; i < 4; i++)
            {
                var expected = frames[order[i]];
                Average(shown[i], Math.Min(width, 50)).Zip(Average(expected, 50), (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThan(0.02);
                // The column that makes the width even repeats the last one.
                shown[i].Plane(1)[51].ShouldBe(expected.Plane(1)[width - 1], 0.05f);
            }
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_program_that_is_not_there_should_not_be_found()
    {
        var folder = Directory.CreateTempSubdirectory("grainy-no-film");
        try
        {
            FfmpegProgram.Find(folder.FullName).ShouldBeNull();
            FfmpegProgram.Find("").ShouldBeNull();
            File.WriteAllText(Path.Combine(folder.FullName, OperatingSystem.IsWindows() ? "ffmpeg.exe" : "ffmpeg"), "no program");
            var program = FfmpegProgram.Find(string.Join(Path.PathSeparator, "somewhere", folder.FullName)).ShouldNotBeNull();

            Should.Throw<InvalidOperationException>(() => FfmpegProgram.Encode(program, Frames, 8, Stream.Null)).Message.ShouldContain("could not be started");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    [Fact]
    public void A_program_that_fails_should_be_quoted()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("needs a shell");
            return;
        }

        var folder = Directory.CreateTempSubdirectory("grainy-bad-film");
        try
        {
            var program = Path.Combine(folder.FullName, "ffmpeg");
            File.WriteAllText(program, "#!/bin/sh\necho \"Unknown encoder 'libx264'\" >&2\nexit 1\n");
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

            Should.Throw<InvalidOperationException>(() => FfmpegProgram.Encode(program, Frames, 8, Stream.Null)).Message
                .ShouldBe("ffmpeg could not write the film: Unknown encoder 'libx264'");
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static double[] Average(ImageBuffer image, int columns) =>
        [.. Enumerable.Range(0, 3).Select(c => Enumerable.Range(0, image.Height * columns).Average(i => (double)image.Plane(c)[(i / columns * image.Width) + (i % columns)]))];

    private static ImageBuffer Page(string path, AnimationFormat format, int page)
    {
        using var all = format == AnimationFormat.Gif ? NetVips.Image.Gifload(path, page: page) : NetVips.Image.Webpload(path, page: page);
        using var rgb = all.ExtractBand(0, n: 3);
        var bytes = rgb.WriteToMemory<byte>();
        return ImageFixtures.Make(3, rgb.Height, rgb.Width, (c, y, x) => bytes[(((y * rgb.Width) + x) * 3) + c] / 255.0);
    }
}
