using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Core.Images;
using Grainy.Host.Pixels;
using Grainy.Host.Startup;
using Grainy.Storage;
using Grainy.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grainy.Host.Tests;

public sealed class PicturesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Difference_should_be_grey_where_nothing_changed_and_black_and_white_at_its_reach()
    {
        using var data = DataFolder.Open(_folder.Path);
        using var cache = new RenderCache(data);
        var blobs = new FileBlobStore(data.Blobs, TimeProvider.System);
        var pictures = new Pictures(blobs, cache);
        var noisy = await StoreAsync(blobs, ImageFixtures.Make(1, 1, 3, (_, _, x) => 0.5 + (0.1 * (x - 1))));
        var flat = await StoreAsync(blobs, ImageFixtures.Make(1, 1, 3, (_, _, _) => 0.5));

        var answer = await pictures.DifferenceAsync(new DefaultHttpContext(), noisy, flat, 320, 0.1);
        var refused = await pictures.DifferenceAsync(new DefaultHttpContext(), noisy, flat, 320, 0);
        var strange = await pictures.DifferenceAsync(new DefaultHttpContext(), noisy, flat with { Width = 2 }, 320, 0.1);

        var picture = ImageReader.Read(answer.ShouldBeOfType<PhysicalFileHttpResult>().FileName).Image;
        picture.Plane(0).ToArray().ShouldBe([0, 0.5f, 1], 0.003);
        refused.ShouldBeOfType<ProblemHttpResult>().StatusCode.ShouldBe(StatusCodes.Status400BadRequest);
        strange.ShouldBeOfType<ProblemHttpResult>().ProblemDetails.Detail.ShouldNotBeNull().ShouldContain("different size");
    }

    [Fact]
    public async Task Download_like_the_original_should_have_its_kind_of_file_and_depth()
    {
        using var data = DataFolder.Open(_folder.Path);
        using var cache = new RenderCache(data);
        var blobs = new FileBlobStore(data.Blobs, TimeProvider.System);
        var image = ImageFixtures.Make(3, 20, 30, (c, y, x) => (c + y + x) / 60.0);
        using var file = new MemoryStream(TestFiles.Write(image, OutputFormat.Png8));
        var original = await blobs.WriteAsync(file, TestContext.Current.CancellationToken);
        var denoised = await StoreAsync(blobs, image) with { Name = "a denoised.tif" };
        var parent = denoised with { Name = "a.png", Original = new BlobRef(original.Id.Value, original.Length, "image/png"), Format = "PNG", BitDepth = 8, IsFloat = false };

        var answer = (await new Pictures(blobs, cache).LikeAsync(new DefaultHttpContext(), denoised, parent)).ShouldBeOfType<PhysicalFileHttpResult>();

        (answer.FileDownloadName, answer.ContentType).ShouldBe(("a denoised.png", "image/png"));
        var (read, facts) = ImageReader.Read(answer.FileName);
        (facts.Format, facts.BitDepth).ShouldBe(("PNG", 8));
        read.Planes.ShouldAllBeClose(image.Planes, 0.0021);
    }

    private static async Task<ImageInfo> StoreAsync(FileBlobStore blobs, ImageBuffer image)
    {
        using var stream = new MemoryStream();
        Npy.Write(image, stream);
        stream.Position = 0;
        var stored = await blobs.WriteAsync(stream, TestContext.Current.CancellationToken);
        var blob = new BlobRef(stored.Id.Value, stored.Length, "application/x-npy");
        return new ImageInfo
        {
            Id = ImageId.New(),
            Name = "image",
            Original = blob,
            Pixels = blob,
            Width = image.Width,
            Height = image.Height,
            Channels = image.Channels,
            BitDepth = 32,
            IsFloat = true,
            Format = "npy",
            AddedAt = DateTimeOffset.UnixEpoch,
        };
    }
}
