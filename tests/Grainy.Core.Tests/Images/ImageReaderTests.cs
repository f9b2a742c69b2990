using Grainy.Core.Images;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Tests.Images;

public sealed class ImageReaderTests
{
    [Fact]
    public void Reader_should_decode_a_photo()
    {
        var (image, facts) = ImageReader.Read(SharedData.Require("data/images/kodak/kodim07.png"));

        facts.ShouldBe(new ImageFacts("PNG", 768, 512, 3, 8, IsFloat: false, HadAlpha: false, Note: null));
        (image.Width, image.Height, image.Channels).ShouldBe((768, 512, 3));
        image.Planes.Min().ShouldBeInRange(0, 0.1f);
        image.Planes.Max().ShouldBeInRange(0.9f, 1);
    }

    [Fact]
    public void Reader_should_give_the_same_from_a_path_and_from_memory()
    {
        var path = SharedData.Require("data/images/gray_set12/01.png");

        var fromPath = ImageReader.Read(path);
        var padded = new byte[] { 1, 2, 3 }.Concat(File.ReadAllBytes(path)).ToArray();
        var fromMemory = ImageReader.Read(padded.AsMemory(3));

        fromMemory.Facts.ShouldBe(fromPath.Facts);
        fromMemory.Facts.Channels.ShouldBe(1);
        fromMemory.Image.Planes.ShouldBe(fromPath.Image.Planes);
    }

    [Fact]
    public void Reader_should_give_every_page_of_a_stack()
    {
        var path = SharedData.Require("data/formats/tiff_image-rs/seq/seq-1c-8b-multipage-adeefdcc.tiff");

        var pages = Enumerable.Range(0, 3).Select(page => ImageReader.ReadPage(path, page)).ToArray();

        pages.ShouldAllBe(page => page.Facts.Pages == 3 && page.Image.Width == pages[0].Image.Width);
        pages[0].Image.Planes.ShouldBe(ImageReader.Read(path).Image.Planes);
        Should.Throw<ImageFormatException>(() => ImageReader.ReadPage(path, 3));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Reader_should_spread_small_depths_over_the_whole_range(int bits)
    {
        using var steps = TestFiles.Counting(16, 16, 1, Enums.Interpretation.Bw);

        var (image, facts) = ImageReader.Read(steps.PngsaveBuffer(bitdepth: bits));

        (facts.BitDepth, facts.Channels).ShouldBe((8, 1));
        facts.Note.ShouldNotBeNull().ShouldContain($"{bits}-bit samples");
        (image.Planes.Min(), image.Planes.Max()).ShouldBe((0f, 1f));
        image.Planes.Distinct().Count().ShouldBe(1 << bits);
    }

    [Fact]
    public void Reader_should_drop_alpha_and_keep_the_colours_under_it()
    {
        using var colour = TestFiles.Counting(9, 5, 3, Enums.Interpretation.Srgb);
        using var opacity = TestFiles.Counting(9, 5, 1, Enums.Interpretation.Bw);
        using var both = colour.Bandjoin(opacity).Copy(interpretation: Enums.Interpretation.Srgb);

        var (image, facts) = ImageReader.Read(both.PngsaveBuffer());

        (facts.HadAlpha, facts.Channels).ShouldBe((true, 3));
        facts.Note.ShouldBe("transparency dropped");
        image.Planes.ShouldBe(ImageReader.Read(colour.PngsaveBuffer()).Image.Planes);
    }

    [Fact]
    public void Reader_should_read_grey_with_alpha_as_grey()
    {
        using var image = TestFiles.Counting(9, 5, 2, Enums.Interpretation.Bw);

        var facts = ImageReader.Read(image.PngsaveBuffer()).Facts;

        (facts.HadAlpha, facts.Channels).ShouldBe((true, 1));
    }

    [Fact]
    public void Reader_should_expand_a_palette()
    {
        using var image = TestFiles.Counting(16, 16, 3, Enums.Interpretation.Srgb);

        var facts = ImageReader.Read(image.PngsaveBuffer(palette: true)).Facts;

        (facts.Channels, facts.BitDepth).ShouldBe((3, 8));
        facts.Note.ShouldNotBeNull().ShouldContain("palette");
    }

    [Fact]
    public void Reader_should_refuse_print_colours()
    {
        using var image = TestFiles.Counting(16, 16, 4, Enums.Interpretation.Cmyk);

        Refused(image.TiffsaveBuffer()).ShouldBe("The TIFF image is in CMYK (print) colours, whose look depends on the press; convert it to RGB first.");
        Refused(image.JpegsaveBuffer()).ShouldContain("CMYK");
    }

    [Fact]
    public void Reader_should_read_the_first_page_and_say_so()
    {
        using var one = TestFiles.Counting(8, 6, 1, Enums.Interpretation.Bw);
        using var pages = VipsImage.Arrayjoin([one, one, one], across: 1);

        var facts = ImageReader.Read(pages.TiffsaveBuffer(pageHeight: 6)).Facts;

        (facts.Width, facts.Height).ShouldBe((8, 6));
        facts.Note.ShouldBe("the first of 3 pages");
    }

    [Theory]
    [InlineData(1, 7, 5)]
    [InlineData(3, 7, 5)]
    [InlineData(6, 5, 7)]
    [InlineData(8, 5, 7)]
    public void Reader_should_turn_photos_upright(int orientation, int width, int height)
    {
        using var image = TestFiles.Counting(7, 5, 3, Enums.Interpretation.Srgb);
        using var tagged = image.Mutate(mutable => mutable.Set(GValue.GIntType, "orientation", orientation));
        using var expected = tagged.Autorot();

        var (upright, facts) = ImageReader.Read(tagged.TiffsaveBuffer());

        (facts.Width, facts.Height).ShouldBe((width, height));
        upright.Planes.ShouldBe(ImageReader.Read(expected.PngsaveBuffer()).Image.Planes);
    }

    [Fact]
    public void Orientations_should_agree_with_the_decoders_own_for_all_eight()
    {
        var image = ImageFixtures.Make(1, 3, 4, (_, y, x) => (y * 4) + x);

        var corners = Enumerable.Range(1, 8).Select(orientation => ImageOrientation.Upright(image, orientation).Planes)
            .Select(planes => (planes[0], planes[1], planes[^1]));

        // First, second and last sample by the definition in TIFF 6.0: where the 0th row and 0th column are.
        corners.ShouldBe([(0, 1, 11), (3, 2, 8), (11, 10, 0), (8, 9, 3), (0, 4, 11), (8, 4, 3), (11, 7, 0), (3, 7, 8)]);
    }

    [Fact]
    public void Reader_should_take_floats_as_they_are()
    {
        var image = ImageFixtures.Make(3, 4, 5, (c, y, x) => (c * 100) - (y * 1e-3) + x);

        var (read, facts) = ImageReader.Read(TestFiles.Written(image, OutputFormat.Tiff32F));

        (facts.BitDepth, facts.IsFloat, facts.Format).ShouldBe((32, true, "TIFF"));
        read.Planes.ShouldBe(image.Planes);
    }

    [Fact]
    public void Reader_should_scale_integers_of_32_bits()
    {
        var (image, facts) = ImageReader.Read(TestFiles.Tiff(2, 1, 32, 1, [0, 0, 0, 0, 255, 255, 255, 255]));

        image.Planes.ShouldBe([0f, 1f]);
        (facts.BitDepth, facts.IsFloat).ShouldBe((32, false));
    }

    [Fact]
    public void Reader_should_refuse_signed_integers() =>
        Refused(TestFiles.Tiff(2, 1, 16, 2, [0, 0, 255, 127])).ShouldContain("signed integer samples");

    [Fact]
    public void Reader_should_say_why_when_samples_have_64_bits() =>
        Refused(TestFiles.Tiff(1, 1, 64, 3, BitConverter.GetBytes(0.5))).ShouldContain("its samples have 64 bits");

    [Fact]
    public void Reader_should_read_WebP_and_GIF()
    {
        using var image = TestFiles.Counting(16, 16, 3, Enums.Interpretation.Srgb);

        ImageReader.Read(image.WebpsaveBuffer(lossless: true)).Facts.Format.ShouldBe("WebP");
        ImageReader.Read(image.GifsaveBuffer()).Facts.Format.ShouldBe("GIF");
    }

    private static string Refused(byte[] file) => Should.Throw<ImageFormatException>(() => ImageReader.Read(file)).Message;
}
