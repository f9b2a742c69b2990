using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Jobs;
using Grainy.Host.Live;
using Grainy.Host.Pixels;

namespace Grainy.Host.Endpoints;

/// <summary>Jobs: their pictures, and their state as it changes.</summary>
internal static class JobEndpoints
{
    public static void MapJobs(this RouteGroupBuilder api)
    {
        api.MapGet("/jobs/{job}/previews/{sha}.png", PreviewAsync);
        api.MapGet("/jobs/{job}/doubt/{index:int}.{format:regex(^(png|tif)$)}", DoubtAsync);
        api.MapGet("/jobs/{job}/residual/{index:int}/{side:int}.png", ResidualAsync);
        api.MapGet("/jobs/{job}/results", ResultsAsync);
        api.MapGet("/jobs/{job}/events", EventsAsync);
        api.MapGet("/models/{model}/file", ModelAsync);
    }

    private static async Task<IResult> PreviewAsync(
        string job, string sha, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var snapshot = await CallFor.Person(person, () => grains.Job(new JobId(job)).GetAsync());
        return snapshot.Previews.Append(snapshot.Progress?.Preview).FirstOrDefault(preview => preview?.Png.Sha256 == sha) is { } found
            ? await pictures.StoredAsync(context, found.Png, cancellationToken)
            : Problems.NotFound("This preview is not kept any more.");
    }

    private static async Task<IResult> DoubtAsync(
        string job, int index, string format, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var snapshot = await CallFor.Person(person, () => grains.Job(new JobId(job)).GetAsync());
        return snapshot.Result?.Denoised().ElementAtOrDefault(index)?.Doubt is { } doubt
            ? format == "png" ? await pictures.StoredAsync(context, doubt.Png, cancellationToken)
            : await pictures.FileAsync(context, doubt.Values, $"uncertainty-{index + 1}.tif", cancellationToken)
            : Problems.NotFound("There is no map of uncertainty for this image; a blind-spot network makes one.");
    }

    private static async Task<IResult> ResidualAsync(
        string job, int index, int side, double reach, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context)
    {
        var snapshot = await CallFor.Person(person, () => grains.Job(new JobId(job)).GetAsync());
        if (snapshot.Result?.Denoised().ElementAtOrDefault(index) is not { } image)
        {
            return Problems.NotFound("This job has no such result.");
        }

        var noisy = await CallFor.Person(person, () => grains.Dataset(image.Noisy.Dataset).GetImageAsync(image.Noisy.Image));
        var denoised = await CallFor.Person(person, () => grains.Dataset(image.Denoised.Dataset).GetImageAsync(image.Denoised.Image));
        return await pictures.DifferenceAsync(context, noisy, denoised, side, reach);
    }

    private static async Task<IResult> ResultsAsync(string job, ClaimsPrincipal person, IGrainFactory grains, ResultFiles files, HttpContext context)
    {
        var snapshot = await CallFor.Person(person, () => grains.Job(new JobId(job)).GetAsync());
        var results = new List<(ImageInfo Image, ImageInfo Parent)>();
        foreach (var image in snapshot.Result?.Denoised() ?? [])
        {
            results.Add((await FindAsync(image.Denoised), await FindAsync(image.Noisy)));
        }

        return results.Count > 0 ? await files.AllAsync(context, results, "denoised") : Problems.NotFound("This job has no denoised images yet; they come with its end.");

        Task<ImageInfo> FindAsync(ImageRef image) => CallFor.Person(person, () => grains.Dataset(image.Dataset).GetImageAsync(image.Image));
    }

    private static async Task<IResult> ModelAsync(
        string model, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var info = await CallFor.Person(person, () => grains.Model(new ModelId(model)).GetAsync());
        return info.Weights is { } weights
            ? await pictures.FileAsync(context, weights, $"{Path.GetFileNameWithoutExtension(info.Name)}.grainy", cancellationToken)
            : Problems.NotFound("This model is still in training; its file comes with the end.");
    }

    private static async Task<IResult> EventsAsync(string job, ClaimsPrincipal person, IGrainFactory grains, EventStreams streams, CancellationToken cancellationToken)
    {
        var grain = grains.Job(new JobId(job));
        await CallFor.Person(person, grain.GetAsync); // a refusal is an answer of its own, not a broken stream
        return streams.Of<JobSnapshot>(grain, CallerClaims.Subjects(person)[0], first: null, heartbeat: null, cancellationToken);
    }
}
