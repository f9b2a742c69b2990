using System.IO.Compression;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Core.Images;
using Grainy.Host.Pixels;
using Grainy.Host.Startup;
using Grainy.Storage;
using Grainy.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;

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

    [Fact]
    public async Task Results_of_a_stack_should_come_as_one_stack_again()
    {
        using var data = DataFolder.Open(_folder.Path);
        using var cache = new RenderCache(data);
        var blobs = new FileBlobStore(data.Blobs, TimeProvider.System);
        var (results, pages) = await StackAsync(blobs);

        var answer = (await new ResultFiles(new Pictures(blobs, cache)).AllAsync(new DefaultHttpContext(), results, "denoised")).ShouldBeOfType<PhysicalFileHttpResult>();

        (answer.FileDownloadName, answer.ContentType).ShouldBe(("cells denoised.tif", "image/tiff"));
        for (var page = 0; page < pages.Length; page++)
        {
            var (read, facts) = ImageReader.ReadPage(answer.FileName, page);
            (facts.Pages, facts.BitDepth).ShouldBe((pages.Length, 16));
            read.Planes.ShouldAllBeClose(pages[page].Planes, 1e-4);
        }
    }

    [Fact]
    public async Task Results_of_several_files_should_come_as_a_zip()
    {
        using var data = DataFolder.Open(_folder.Path);
        using var cache = new RenderCache(data);
        var blobs = new FileBlobStore(data.Blobs, TimeProvider.System);
        var (stack, _) = await StackAsync(blobs);
        var other = await StoreAsync(blobs, ImageFixtures.Waves(1, 20, 30));
        var original = await WriteAsync(blobs, TestFiles.Write(ImageFixtures.Waves(1, 20, 30), OutputFormat.Png8));
        var photo = (other with { Name = "cells denoised.png" }, other with { Original = original, Format = "PNG", IsFloat = false });
        var context = new DefaultHttpContext { RequestServices = new ServiceCollection().AddLogging().BuildServiceProvider() };
        using var body = new ServerBody();
        context.Features.Set<IHttpBodyControlFeature>(body);
        context.Response.Body = body;

        var answer = await new ResultFiles(new Pictures(blobs, cache)).AllAsync(context, [.. stack, photo, photo], "denoised");
        await answer.ExecuteAsync(context);

        context.Response.ContentType.ShouldBe("application/zip");
        using var zip = new ZipArchive(body);
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["cells denoised.tif", "cells denoised.png", "cells denoised (2).png"]);
        zip.Entries.ShouldAllBe(entry => entry.Length > 100);
    }

    /// <summary>Like the server's own: whoever writes without waiting must have asked before.</summary>
    private sealed class ServerBody : MemoryStream, IHttpBodyControlFeature
    {
        public bool AllowSynchronousIO { get; set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            AllowSynchronousIO.ShouldBeTrue();
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            AllowSynchronousIO.ShouldBeTrue();
            base.Write(buffer);
        }
    }

    // Two pages of one TIFF of 16 bits, as an upload leaves them, and what was made of them.
    private static async Task<((ImageInfo Image, ImageInfo Parent)[] Results, ImageBuffer[] Pages)> StackAsync(FileBlobStore blobs)
    {
        ImageBuffer[] pages = [ImageFixtures.Make(1, 20, 30, (_, y, x) => (y + x) / 50.0), ImageFixtures.Make(1, 20, 30, (_, y, x) => (y * x) / 600.0)];
        var original = await WriteAsync(blobs, TestFiles.Write(pages[0], OutputFormat.Tiff16));
        var results = new List<(ImageInfo Image, ImageInfo Parent)>();
        foreach (var page in pages)
        {
            var info = await StoreAsync(blobs, page);
            results.Add((info with { Name = $"cells page {results.Count + 1} denoised.tif" }, info with { Name = $"cells page {results.Count + 1}.tif", Original = original, Format = "TIFF", BitDepth = 16, IsFloat = false }));
        }

        return ([.. results], pages);
    }

    private static async Task<BlobRef> WriteAsync(FileBlobStore blobs, byte[] content)
    {
        using var file = new MemoryStream(content);
        var stored = await blobs.WriteAsync(file, TestContext.Current.CancellationToken);
        return new BlobRef(stored.Id.Value, stored.Length, "application/octet-stream");
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
