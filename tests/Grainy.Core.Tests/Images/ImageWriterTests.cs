using Grainy.Core.Images;

namespace Grainy.Core.Tests.Images;

public sealed class ImageWriterTests
{
    [Theory]
    [InlineData(OutputFormat.Png8, 1, 8, 0.5 / 255)]
    [InlineData(OutputFormat.Png8, 3, 8, 0.5 / 255)]
    [InlineData(OutputFormat.Png16, 1, 16, 0.5 / 65535)]
    [InlineData(OutputFormat.Png16, 3, 16, 0.5 / 65535)]
    [InlineData(OutputFormat.Tiff16, 1, 16, 0.5 / 65535)]
    [InlineData(OutputFormat.Tiff16, 3, 16, 0.5 / 65535)]
    [InlineData(OutputFormat.Tiff32F, 1, 32, 0)]
    [InlineData(OutputFormat.Tiff32F, 3, 32, 0)]
    public void Files_should_come_back_within_half_a_step(OutputFormat format, int channels, int depth, double tolerance)
    {
        var image = ImageFixtures.Waves(channels, 33, 47);

        var (read, facts) = ImageReader.Read(TestFiles.Written(image, format));

        (facts.BitDepth, facts.Channels, facts.Width, facts.Height, facts.Note).ShouldBe((depth, channels, 47, 33, null));
        facts.Format.ShouldBe(ImageWriter.Extension(format) == ".png" ? "PNG" : "TIFF");
        read.Planes.ShouldAllBeClose(image.Planes, tolerance + 1e-7);
    }

    [Fact]
    public void Integer_files_should_clip_and_float_files_should_not()
    {
        var image = new ImageBuffer(1, 1, 4, [-0.5f, 0, 1, 1.75f]);

        ImageReader.Read(TestFiles.Written(image, OutputFormat.Tiff16)).Image.Planes.ShouldBe([0f, 0, 1, 1]);
        ImageReader.Read(TestFiles.Written(image, OutputFormat.Png8)).Image.Planes.ShouldBe([0f, 0, 1, 1]);
        ImageReader.Read(TestFiles.Written(image, OutputFormat.Tiff32F)).Image.Planes.ShouldBe(image.Planes);
    }

    [Fact]
    public void Names_should_fit_the_content()
    {
        (ImageWriter.MediaType(OutputFormat.Png16), ImageWriter.Extension(OutputFormat.Png16)).ShouldBe(("image/png", ".png"));
        (ImageWriter.MediaType(OutputFormat.Tiff32F), ImageWriter.Extension(OutputFormat.Tiff32F)).ShouldBe(("image/tiff", ".tif"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Arrays_should_come_back_bit_for_bit(int channels)
    {
        var image = ImageFixtures.Waves(channels, 5, 7);
        using var stream = new MemoryStream();

        Npy.Write(image, stream);
        stream.Position = 0;
        var read = Npy.Read(stream);

        read.HasSizeOf(image).ShouldBeTrue();
        read.Planes.ShouldBe(image.Planes);
        (stream.Length - (image.Planes.Length * 4)).ShouldBe(128, "NumPy aligns the data to 64 bytes");
    }

    [Fact]
    public void Arrays_that_are_cut_off_or_foreign_should_be_refused()
    {
        using var stream = new MemoryStream();
        Npy.Write(ImageFixtures.Waves(1, 5, 7), stream);
        var file = stream.ToArray();

        Should.Throw<ImageFormatException>(() => Npy.Read(new MemoryStream(file[..^1]))).Message.ShouldContain("cut off");
        Should.Throw<ImageFormatException>(() => Npy.Read(new MemoryStream(file[..40]))).Message.ShouldContain("cut off");
        Should.Throw<ImageFormatException>(() => Npy.Read(new MemoryStream("nothing of the kind"u8.ToArray()))).Message.ShouldContain("not a NumPy array");
        Should.Throw<ImageFormatException>(() => Npy.Read(new MemoryStream([.. file.Select(value => value == (byte)'<' ? (byte)'>' : value)])))
            .Message.ShouldContain("float32");
    }
}
