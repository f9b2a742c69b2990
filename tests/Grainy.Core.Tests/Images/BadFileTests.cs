using System.Text;
using Grainy.Core.Images;
using NetVips;

namespace Grainy.Core.Tests.Images;

/// <summary>Each bad file gets one sentence that says what is wrong and what to do.</summary>
public sealed class BadFileTests
{
    [Fact]
    public void Empty_file_should_be_refused() => Refused([]).ShouldBe("The file is empty (0 bytes); choose it again or export it anew.");

    [Fact]
    public void Text_should_be_refused_whatever_its_name()
    {
        var path = Path.Combine(Path.GetTempPath(), $"grainy-{Guid.NewGuid():N}.png");
        File.WriteAllText(path, "Dear diary, this is not a picture. Grüße.\n");
        try
        {
            Should.Throw<ImageFormatException>(() => ImageReader.Read(path))
                .Message.ShouldBe("This is a text file, not an image; bring PNG, JPEG, TIFF, WebP or GIF files.");
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Theory]
    [InlineData("%PDF-1.7\n", "PDF")]
    [InlineData("BM\u0001\u0002\u0003", "BMP")]
    [InlineData("SIMPLE  =                    T", "FITS")]
    [InlineData("\0\0\0 ftypheic", "HEIF")]
    public void Known_formats_that_are_not_read_should_be_named(string head, string name) => Refused(Encoding.Latin1.GetBytes(head))
        .ShouldContain($"This is a {name}");

    [Fact]
    public void Random_bytes_should_be_refused() => Refused([0xde, 0xad, 0xbe, 0xef, 0, 1, 2]).ShouldStartWith("This is not an image file of a known kind");

    [Fact]
    public void Huge_header_should_be_refused_before_anything_is_allocated()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();

        Refused(TestFiles.PngHeader(40_000, 40_000))
            .ShouldBe(
                "The PNG image is 40,000 × 40,000 pixels, more than the 32,768 per side and 250 megapixels in all that are allowed; crop it or scale it down.");

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
    }

    [Fact]
    public void Huge_tiff_header_should_be_refused() => Refused(TestFiles.Tiff(30_000, 30_000, 8, 1, [1, 2, 3]))
        .ShouldStartWith("The TIFF image is 30,000 × 30,000 pixels");

    [Theory]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    public void Zero_size_should_be_refused(uint width, uint height) => Refused(TestFiles.PngHeader(width, height)).ShouldContain($"{width} × {height} pixels");

    [Fact]
    public void Own_limits_should_be_kept()
    {
        var file = TestFiles.Written(ImageFixtures.Waves(1, 20, 30), OutputFormat.Png8);

        Should.Throw<ImageFormatException>(() => ImageReader.Read(file, new ImageLimits { MaxSide = 29 })).Message.ShouldContain("30 × 20");
        Should.Throw<ImageFormatException>(() => ImageReader.Read(file, new ImageLimits { MaxPixels = 599 })).Message.ShouldContain("30 × 20");
        ImageReader.Read(file, new ImageLimits { MaxSide = 30, MaxPixels = 600 }).Facts.Width.ShouldBe(30);
    }

    [Theory]
    [InlineData("jpeg", 0.5)]
    [InlineData("jpeg", 0.98)]
    [InlineData("png", 0.5)]
    [InlineData("png", 0.9)]
    [InlineData("tiff", 0.5)]
    [InlineData("tiff-strips", 0.7)]
    [InlineData("webp", 0.5)]
    [InlineData("gif", 0.5)]
    public void Cut_off_files_should_be_refused_and_not_shown_half(string kind, double share)
    {
        using var image = TestFiles.Counting(200, 150, 3, Enums.Interpretation.Srgb);
        var whole = kind switch
        {
            "jpeg" => image.JpegsaveBuffer(),
            "png" => image.PngsaveBuffer(),
            "tiff" => image.TiffsaveBuffer(),
            "tiff-strips" => image.TiffsaveBuffer(compression: Enums.ForeignTiffCompression.Deflate),
            "webp" => image.WebpsaveBuffer(),
            _ => image.GifsaveBuffer(),
        };
        ImageReader.Read(whole).Facts.Width.ShouldBe(200);

        var message = Refused(whole[..(int)(whole.Length * share)]);

        message.ShouldContain("damaged, cut off or of a kind that cannot be read");
        message.ShouldNotContain('\n');
    }

    [Fact]
    public void Numbers_that_are_not_finite_should_be_counted_and_located()
    {
        var image = ImageFixtures.Waves(3, 10, 20);
        image.Planes[(2 * 200) + (4 * 20) + 7] = float.NaN;
        image.Planes[(2 * 200) + (4 * 20) + 8] = float.PositiveInfinity;

        Refused(TestFiles.Written(image, OutputFormat.Tiff32F))
            .ShouldBe("2 of 600 samples are not finite numbers (NaN or infinite), the first at x = 7, y = 4 of channel 3; replace them and save the file again.");
    }

    private static string Refused(byte[] file) => Should.Throw<ImageFormatException>(() => ImageReader.Read(file)).Message;
}
