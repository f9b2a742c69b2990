using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Grainy.Contracts.Blending;
using Grainy.Core.Blending;
using Grainy.Core.Images;
using Grainy.Core.Storage;
using Grainy.Host.Endpoints;
using Grainy.Host.Pixels;
using Grainy.Web.Cluster;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;

namespace Grainy.Host.Exports;

/// <summary>Finished frames of a blend as files to keep. Whoever calls has asked the blend already; this knows nothing of rights.</summary>
internal sealed class BlendExports(IBlobStore blobs, RenderCache cache, IOptions<JsonOptions> json, ServerAbilities abilities)
{
    private static readonly Dictionary<string, AnimationFormat> Animations = new()
    {
        ["webp"] = AnimationFormat.WebP,
        ["gif"] = AnimationFormat.Gif,
        ["mp4"] = AnimationFormat.Mp4,
    };

    private readonly JsonSerializerOptions _indented = new(json.Value.SerializerOptions) { WriteIndented = true };

    /// <param name="format">zip, webp, gif or mp4.</param>
    /// <param name="fps">Frames per second, 1 to 30.</param>
    /// <param name="bounce">There and back.</param>
    public async Task<IResult> AnswerAsync(HttpContext context, BlendSnapshot blend, string format, double fps, bool bounce)
    {
        BlendFrame[] frames = [.. blend.Frames.Where(frame => frame.Final).OrderBy(frame => blend.Infos.Length == 2 ? frame.Weight : frame.Index)];
        if (ProblemOf(blend, frames, format, fps) is { } problem)
        {
            return Problems.Make(StatusCodes.Status400BadRequest, problem, "Choose another format, or wait for the frames.");
        }

        string path;
        try
        {
            path = await cache.GetAsync(
                Name(frames, format, fps, bounce), file => format == "zip" ? ZipAsync(blend, frames, file) : AnimateAsync(frames, format, fps, bounce, file));
        }
        catch (InvalidOperationException error) when (format == "mp4")
        {
            return Problems.Make(StatusCodes.Status500InternalServerError, error.Message, "Choose WebP or GIF, or mend ffmpeg on the server.");
        }

        context.Response.Headers.CacheControl = "private, no-cache";
        var type = Animations.TryGetValue(format, out var animation) ? BlendAnimation.MediaType(animation) : "application/zip";
        return TypedResults.PhysicalFile(path, type, $"{Title(blend)}.{format}", enableRangeProcessing: true);
    }

    private string? ProblemOf(BlendSnapshot blend, BlendFrame[] frames, string format, double fps) =>
        frames.Length == 0 ? "This blend has no finished frames yet."
        : format == "zip" ? null
        : blend.Infos.Length > 2 ? "Animations run from one image to another; these frames lie between more than two."
        : frames.Length < 3 ? "An animation needs a frame between the images; none is computed yet."
        : !(fps is >= 1 and <= 30) ? "An animation has 1 to 30 frames per second."
        : format == "mp4" ? abilities.Mp4Problem : null;

    private async Task ZipAsync(BlendSnapshot blend, BlendFrame[] frames, Stream file)
    {
        await using var zip = new ZipArchive(file, ZipArchiveMode.Create, leaveOpen: true);
        foreach (var (place, frame) in frames.Index())
        {
            // PNG is compressed already.
            await using var entry = await zip.CreateEntry(FileName(place, frame), CompressionLevel.NoCompression).OpenAsync();
            await using var picture = await blobs.OpenAsync(new BlobId(frame.Png.Sha256), CancellationToken.None);
            await picture.CopyToAsync(entry);
        }

        await using var facts = await zip.CreateEntry("blend.json").OpenAsync();
        await JsonSerializer.SerializeAsync(facts, Facts(blend, frames), _indented);
    }

    private async Task AnimateAsync(BlendFrame[] frames, string format, double fps, bool bounce, Stream file)
    {
        var pictures = new List<ImageBuffer>();
        foreach (var frame in frames)
        {
            await using var pixels = await blobs.OpenAsync(new BlobId(frame.Pixels.Sha256), CancellationToken.None);
            pictures.Add(Npy.Read(pixels));
        }

        BlendAnimation.Write(pictures, Animations[format], file, fps, bounce);
    }

    private static object Facts(BlendSnapshot blend, BlendFrame[] frames) => new
    {
        images = blend.Infos.Select(info => info.Name),
        blend.Metric,
        blend.Settings,
        fitting = blend.FittingNote,
        blend.Spacing,
        energyOf = blend.Settings.Path == BlendPath.Geodesic ? "the path: sum of squared distances between neighbours" : "the frame: sum of weights times squared distances to the images",
        frames = frames.Select((frame, place) => new
        {
            file = FileName(place, frame),
            frame.Weights,
            frame.Energy,
            frame.EnergyError,
            frame.MixEnergy,
            steps = frame.StepsDone,
        }),
    };

    private static string FileName(int place, BlendFrame frame)
    {
        var weights = frame.Weights!.Select(weight => (weight * 100).ToString("0.#", CultureInfo.InvariantCulture));
        return $"frame-{place + 1:00}-weights-{string.Join('-', weights)}.png";
    }

    private static string Title(BlendSnapshot blend)
    {
        var title = string.Join(" to ", blend.Infos.Select(info => Path.GetFileNameWithoutExtension(info.Name)));
        return title.Length > 100 ? title[..100] : title;
    }

    private static string Name(BlendFrame[] frames, string format, double fps, bool bounce)
    {
        var text = $"{string.Join('/', frames.Select(frame => $"{frame.Png.Sha256}:{frame.StepsDone}"))}/{(format == "zip" ? "" : $"{fps:R}/{bounce}")}";
        return $"{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16))}.{format}";
    }
}
