using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using NetVips;
using Image = NetVips.Image;

namespace Grainy.Core.Tests.Denoising;

[LeavesNoTensors]
public sealed class FileDenoiserTests : IDisposable
{
    private static readonly DenoiseOptions Strong = new() { Noise = new NoiseModel.Gaussian(0.1) };

    private readonly string _folder = Directory.CreateTempSubdirectory("grainy-files-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(OutputFormat.Tiff32F, 3, 300, 40, 1e-6)]
    [InlineData(OutputFormat.Tiff16, 1, 40, 300, 1e-5)]
    [InlineData(OutputFormat.Png8, 3, 50, 33, 0.0021)]
    public void Result_should_equal_that_of_memory_in_the_depth_of_the_file(OutputFormat format, int channels, int height, int width, double tolerance)
    {
        var path = Write(ImageFixtures.Waves(channels, height, width), format);
        var (image, before) = ImageReader.Read(path);

        var updates = FileDenoiser.Run(DenoiserTests.Random(channels), path, Out, null, null, Strong, Token).ToList();

        var expected = Denoiser.Run(DenoiserTests.Random(channels), image, 0.1, Token).Last();
        var (actual, after) = ImageReader.Read(Out);
        (after.BitDepth, after.IsFloat, after.Format).ShouldBe((before.BitDepth, before.IsFloat, before.Format));
        var clipped = format == OutputFormat.Tiff32F ? expected.Result!.Planes : [.. expected.Result!.Planes.Select(value => Math.Clamp(value, 0, 1))];
        actual.Planes.ShouldAllBeClose(clipped, tolerance);
        updates.Select(update => update.TilesDone).ShouldBe(Enumerable.Range(1, expected.Tiles));
        Directory.GetFiles(_folder).Length.ShouldBe(2);
    }

    [Fact]
    public void Like_original_should_keep_depth_and_profile_and_stand_upright()
    {
        var profile = Image.ProfileLoad("srgb");
        using (var plain = Image.NewFromMemory(Enumerable.Repeat((byte)90, 3 * 20 * 30).ToArray(), 30, 20, 3, Enums.BandFormat.Uchar))
        using (var typed = plain.Copy(interpretation: Enums.Interpretation.Srgb))
        using (var described = typed.Mutate(image =>
        {
            image.Set(GValue.BlobType, "icc-profile-data", profile);
            image.Set(GValue.GIntType, "orientation", 6);
        }))
        {
            described.Jpegsave(Path.Combine(_folder, "in.jpg"));
        }

        var upright = ImageReader.Read(Path.Combine(_folder, "in.jpg")).Image;
        var ending = LikeOriginal.Write(upright, Path.Combine(_folder, "in.jpg"), Out);

        var (image, facts) = ImageReader.Read(Out);
        (ending, image.Width, image.Height, facts.Format, facts.BitDepth).ShouldBe((".png", 20, 30, "PNG", 8));
        image.Planes.ShouldAllBeClose(upright.Planes, 0.0021);
        using var written = Image.NewFromFile(Out);
        ((byte[])written.Get("icc-profile-data")).ShouldBe(profile);
    }

    [Fact]
    public void Image_without_noise_should_stay_as_it_is()
    {
        var clean = ImageFixtures.Make(3, 64, 64, (_, y, x) => (y / 16) + (x / 16) > 3 ? 0.75 : 0.25);

        var last = Denoiser.Run(DenoiserModel.BuiltIn, clean, new DenoiseOptions(), Token).Last();

        (last.Sigma * 255).ShouldBeLessThan(0.05);
        last.FoundNoNoise.ShouldBeTrue();
        last.Result!.Planes.ShouldAllBeClose(clean.Planes, 0.002);
    }

    [Fact]
    public void Faint_image_should_not_be_said_to_have_no_noise()
    {
        // In samples of a hundred-thousandth, all noise is below what shows in an image of [0, 1].
        var waves = ImageFixtures.Waves(3, 64, 64);
        var faint = new ImageBuffer(3, 64, 64, [.. GaussianNoise.Corrupt(waves, 0.1, 1).Planes.Select(value => value * 1e-5f)]);

        var last = Denoiser.Run(DenoiserModel.BuiltIn, faint, new DenoiseOptions(), Token).Last();

        last.FoundNoNoise.ShouldBeFalse();
    }

    [Fact]
    public void Result_should_keep_pages_profile_resolution_and_orientation()
    {
        var profile = Image.ProfileLoad("srgb");
        using (var plain = Image.NewFromMemory(Enumerable.Repeat((ushort)30_000, 3 * 32 * 96).ToArray(), 32, 96, 3, Enums.BandFormat.Ushort))
        using (var sized = plain.Copy(interpretation: Enums.Interpretation.Rgb16, xres: 11.81, yres: 11.81))
        using (var described = sized.Mutate(image =>
        {
            image.Set(GValue.BlobType, "icc-profile-data", profile);
            image.Set(GValue.GIntType, "orientation", 6);
        }))
        {
            described.Tiffsave(In, pageHeight: 32, keep: Enums.ForeignKeep.All);
        }

        _ = FileDenoiser.Run(DenoiserTests.Random(3), In, Out, null, null, Strong, Token).Last();

        using var result = Image.Tiffload(Out, n: -1);
        Convert.ToInt32(result.Get("n-pages"), null).ShouldBe(3);
        (result.Width, result.Height, result.Format).ShouldBe((32, 96, Enums.BandFormat.Ushort));
        ((byte[])result.Get("icc-profile-data")).ShouldBe(profile);
        Convert.ToInt32(result.Get("orientation"), null).ShouldBe(6);
        result.Xres.ShouldBe(11.81, 0.01);
    }

    [Fact]
    public void Uncertainty_should_be_written_as_floats_of_the_same_size()
    {
        var path = Write(ImageFixtures.Waves(1, 40, 50), OutputFormat.Png16);

        _ = FileDenoiser.Run(DenoiserTests.Random(1), path, Out, null, Path.Combine(_folder, "doubt.tif"), Strong, Token).Last();

        var (doubt, facts) = ImageReader.Read(Path.Combine(_folder, "doubt.tif"));
        (facts.IsFloat, doubt.Width, doubt.Height).ShouldBe((true, 50, 40));
        doubt.Planes.ShouldAllBe(value => value > 0 && value <= 0.1f); // never more than the noise itself
    }

    [Fact]
    public void Nothing_should_be_left_behind_when_it_is_cancelled()
    {
        var path = Write(ImageFixtures.Waves(1, 100, 700), OutputFormat.Tiff16);
        using var source = CancellationTokenSource.CreateLinkedTokenSource(Token);
        using (var run = FileDenoiser.Run(DenoiserTests.Random(1), path, Out, null, null, Strong, source.Token).GetEnumerator())
        {
            run.MoveNext().ShouldBeTrue();
            source.Cancel();
            Should.Throw<OperationCanceledException>(() => run.MoveNext());
        }

        Directory.GetFiles(_folder).ShouldBe([path]);
    }

    private string In => Path.Combine(_folder, "in.tif");

    private string Out => Path.Combine(_folder, "out.tif");

    private string Write(ImageBuffer image, OutputFormat format)
    {
        var path = Path.Combine(_folder, "in" + ImageWriter.Extension(format));
        using var stream = File.Create(path);
        ImageWriter.Write(image, stream, format);
        return path;
    }
}
