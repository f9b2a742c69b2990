using System.IO.Compression;
using System.Text.RegularExpressions;
using Grainy.Contracts.Datasets;
using Microsoft.AspNetCore.Http.Features;

namespace Grainy.Host.Pixels;

/// <summary>All results of a job as files to keep, each as its original was: pages of one stack as one stack again. Several files come as a ZIP.</summary>
internal sealed partial class ResultFiles(Pictures pictures)
{
    /// <param name="results">At least one, in order, each with the image that it was computed from.</param>
    /// <param name="name">Of the ZIP, without ending.</param>
    public async Task<IResult> AllAsync(HttpContext context, IReadOnlyList<(ImageInfo Image, ImageInfo Parent)> results, string name)
    {
        var files = results.Select((result, place) => (result, File: FileOf(result, place))).GroupBy(item => item.File, item => item.result).Select(group => group.ToArray()).ToArray();
        if (files.Length == 1)
        {
            var path = await pictures.LikeAsync([.. files[0].Select(result => result.Image)], files[0][0].Parent);
            return Pictures.Kept(context, path, Name(files[0], path));
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        // The archive ends each entry with a few bytes that it cannot write in any other way.
        context.Features.GetRequiredFeature<IHttpBodyControlFeature>().AllowSynchronousIO = true;
        return TypedResults.Stream(body => ZipAsync(files, body, context.RequestAborted), "application/zip", $"{name}.zip");
    }

    // Written as it is sent: all of it may be larger than the disk has room for.
    private async Task ZipAsync((ImageInfo Image, ImageInfo Parent)[][] files, Stream body, CancellationToken cancellationToken)
    {
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        await using var zip = await ZipArchive.CreateAsync(body, ZipArchiveMode.Create, leaveOpen: true, entryNameEncoding: null, cancellationToken);
        foreach (var file in files)
        {
            var path = await pictures.LikeAsync([.. file.Select(result => result.Image)], file[0].Parent);
            var entry = zip.CreateEntry(Unique(Name(file, path), names), CompressionLevel.NoCompression); // PNG files are packed already, and packing TIFFs would hold the download up
            await using var from = File.OpenRead(path);
            await using var to = await entry.OpenAsync(cancellationToken);
            await from.CopyToAsync(to, cancellationToken);
        }
    }

    // Pages of one stack share a file; one that differs from the others in size has its own, and so has a picture that was uploaded twice.
    private static string FileOf((ImageInfo Image, ImageInfo Parent) result, int place) => PageNumber().IsMatch(result.Parent.Name)
        ? $"{result.Parent.Original.Sha256} {result.Image.Width} {result.Image.Height} {result.Image.Channels}"
        : $"{place}";

    // "cells page 07 denoised.tif" and its like together are "cells denoised.tif".
    private static string Name((ImageInfo Image, ImageInfo Parent)[] file, string path)
    {
        var name = Path.GetFileNameWithoutExtension(file[0].Image.Name);
        return (file.Length > 1 ? PageNumber().Replace(name, "") : name) + Path.GetExtension(path);
    }

    private static string Unique(string name, HashSet<string> taken)
    {
        var candidate = name;
        for (var number = 2; !taken.Add(candidate); number++)
        {
            candidate = $"{Path.GetFileNameWithoutExtension(name)} ({number}){Path.GetExtension(name)}";
        }

        return candidate;
    }

    [GeneratedRegex(@" page \d+")]
    private static partial Regex PageNumber();
}
