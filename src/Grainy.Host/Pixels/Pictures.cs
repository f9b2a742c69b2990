using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Storage;
using Grainy.Host.Endpoints;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace Grainy.Host.Pixels;

/// <summary>Answers with pixels. Whoever calls has asked the owning grain already; this knows nothing of rights.</summary>
internal sealed class Pictures(IBlobStore blobs, RenderCache cache)
{
    public static readonly int[] Sides = [128, 320, 1024, 2048];

    /// <summary>An 8-bit PNG of at most <paramref name="side"/> pixels on its longer side; without a range, the image's own is used.</summary>
    public async Task<IResult> PreviewAsync(HttpContext context, ImageInfo image, int side, double? black = null, double? white = null)
    {
        var (low, high) = (black ?? image.DisplayBlack, white ?? image.DisplayWhite);
        var name = string.Create(CultureInfo.InvariantCulture, $"{image.Pixels.Sha256}-{side}-{low:R}-{high:R}.png");
        return await RenderedAsync(context, name, () => ReadAsync(image.Pixels, CancellationToken.None), side, low, high);
    }

    /// <summary>An 8-bit PNG of the first image minus the second one, mid-grey where they are equal.</summary>
    /// <param name="reach">The difference that is drawn white; its negative is drawn black.</param>
    public async Task<IResult> DifferenceAsync(HttpContext context, ImageInfo first, ImageInfo second, int side, double reach)
    {
        if ((first.Width, first.Height, first.Channels) != (second.Width, second.Height, second.Channels))
        {
            return Problems.Make(StatusCodes.Status400BadRequest, "Images of different size or colour have no difference.", "Ask for the difference of an image and what was made from it.");
        }

        var name = string.Create(CultureInfo.InvariantCulture, $"{first.Pixels.Sha256}-minus-{second.Pixels.Sha256}-{side}-{reach:R}.png");
        return await RenderedAsync(context, name, async () =>
        {
            var (minuend, subtrahend) = (await ReadAsync(first.Pixels, CancellationToken.None), await ReadAsync(second.Pixels, CancellationToken.None));
            return new ImageBuffer(minuend.Channels, minuend.Height, minuend.Width, [.. minuend.Planes.Zip(subtrahend.Planes, (a, b) => a - b)]);
        }, side, -reach, reach);
    }

    private async Task<IResult> RenderedAsync(HttpContext context, string name, Func<Task<ImageBuffer>> image, int side, double low, double high)
    {
        if (!Sides.Contains(side) || !double.IsFinite(low) || !double.IsFinite(high) || !(high > low))
        {
            return Problems.Make(
                StatusCodes.Status400BadRequest, "A preview has a side of 128, 320, 1024 or 2048 and a white above its black.", "Ask for one of these sides, and for white above black.");
        }

        if (IsKnown(context, name))
        {
            return NotModified(context, name);
        }

        var path = await cache.GetAsync(name, async file =>
        {
            var png = Preview.RenderPng(await image(), side, low, high);
            await file.WriteAsync(png);
        });
        Immutable(context);
        return TypedResults.PhysicalFile(path, "image/png", entityTag: Tag(name));
    }

    /// <summary>A stored picture as it is, for example a frame; its name is its hash.</summary>
    public async Task<IResult> StoredAsync(HttpContext context, BlobRef blob, CancellationToken cancellationToken)
    {
        if (IsKnown(context, blob.Sha256))
        {
            return NotModified(context, blob.Sha256);
        }

        Immutable(context);
        return TypedResults.Stream(await blobs.OpenAsync(new BlobId(blob.Sha256), cancellationToken), blob.MediaType, entityTag: Tag(blob.Sha256), enableRangeProcessing: true);
    }

    /// <summary>Stored bytes as a file to keep; never shown by the browser, whatever they say they are.</summary>
    public async Task<IResult> FileAsync(HttpContext context, BlobRef blob, string fileName, CancellationToken cancellationToken)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.Stream(
            await blobs.OpenAsync(new BlobId(blob.Sha256), cancellationToken), "application/octet-stream", fileName, entityTag: Tag(blob.Sha256), enableRangeProcessing: true);
    }

    /// <summary>The image in another format, as a file to keep.</summary>
    public async Task<IResult> ConvertedAsync(HttpContext context, ImageInfo image, string? format)
    {
        if (!Enum.TryParse<OutputFormat>(format, ignoreCase: true, out var wanted) || !Enum.IsDefined(wanted))
        {
            return Problems.Make(StatusCodes.Status400BadRequest, $"'{format}' is not a format for downloads.", "Ask for format=original, png8, png16, tiff16 or tiff32f.");
        }

        var extension = ImageWriter.Extension(wanted);
        var name = $"{image.Pixels.Sha256}-{wanted.ToString().ToLowerInvariant()}{extension}";
        var path = await cache.GetAsync(name, async file => ImageWriter.Write(await ReadAsync(image.Pixels, CancellationToken.None), file, wanted));
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.PhysicalFile(
            path, ImageWriter.MediaType(wanted), Path.ChangeExtension(image.Name, extension.TrimStart('.')), entityTag: Tag(name), enableRangeProcessing: true);
    }

    /// <summary>The image as its parent's file would hold it: kind of file, depth, colour profile and description.</summary>
    /// <param name="parent">The image that it was computed from; or the image itself.</param>
    public async Task<IResult> LikeAsync(HttpContext context, ImageInfo image, ImageInfo parent)
    {
        var file = await LikeAsync([image], parent);
        return Kept(context, file, Path.ChangeExtension(image.Name, Path.GetExtension(file).TrimStart('.')));
    }

    /// <summary>The same as a file in the cache, for any number of images that are pages of one; returns its path.</summary>
    public Task<string> LikeAsync(IReadOnlyList<ImageInfo> pages, ImageInfo parent)
    {
        var extension = pages.Count > 1 || parent.IsFloat || parent.Format.StartsWith("TIFF", StringComparison.OrdinalIgnoreCase) ? ".tif" : ".png";
        var hash = pages.Count == 1 ? pages[0].Pixels.Sha256 : Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Join(' ', pages.Select(page => page.Pixels.Sha256)))));
        return cache.GetAsync($"{hash}-like-{parent.Original.Sha256}{extension}", async file =>
        {
            var folder = Directory.CreateTempSubdirectory("grainy-like-");
            try
            {
                var (original, output) = (Path.Combine(folder.FullName, "original"), Path.Combine(folder.FullName, "output"));
                await using (var copy = File.Create(original))
                await using (var stored = await blobs.OpenAsync(new BlobId(parent.Original.Sha256), CancellationToken.None))
                {
                    await stored.CopyToAsync(copy);
                }

                using var like = new LikeOriginal(original, output);
                foreach (var page in pages)
                {
                    like.Add(await ReadAsync(page.Pixels, CancellationToken.None));
                }

                like.Finish();
                await using var written = File.OpenRead(output);
                await written.CopyToAsync(file);
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
    }

    /// <summary>A PNG or TIFF of the cache as a file to keep.</summary>
    public static IResult Kept(HttpContext context, string path, string fileName)
    {
        context.Response.Headers.CacheControl = "private, no-cache";
        return TypedResults.PhysicalFile(
            path, Path.GetExtension(path) == ".png" ? "image/png" : "image/tiff", fileName, entityTag: Tag(Path.GetFileName(path)), enableRangeProcessing: true);
    }

    private async Task<ImageBuffer> ReadAsync(BlobRef pixels, CancellationToken cancellationToken)
    {
        await using var file = await blobs.OpenAsync(new BlobId(pixels.Sha256), cancellationToken);
        return Npy.Read(file);
    }

    private static bool IsKnown(HttpContext context, string name) =>
        context.Request.GetTypedHeaders().IfNoneMatch.Any(tag => tag.Compare(Tag(name), useStrongComparison: false));

    private static StatusCodeHttpResult NotModified(HttpContext context, string name)
    {
        Immutable(context);
        context.Response.Headers.ETag = Tag(name).ToString();
        return TypedResults.StatusCode(StatusCodes.Status304NotModified);
    }

    private static void Immutable(HttpContext context) => context.Response.Headers.CacheControl = "private, max-age=31536000, immutable";

    private static EntityTagHeaderValue Tag(string name) => new($"\"{name}\"");
}
