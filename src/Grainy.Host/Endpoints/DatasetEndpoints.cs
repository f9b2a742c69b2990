using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Workspaces;
using Grainy.Host.Pixels;

namespace Grainy.Host.Endpoints;

/// <summary>Datasets, and their images: to look at and to download.</summary>
internal static class DatasetEndpoints
{
    public static void MapDatasets(this RouteGroupBuilder api)
    {
        api.MapPost("/datasets", CreateAsync);
        api.MapGet("/datasets", (int? skip, int? take, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.Workspace(WorkspaceId.Main).ListAsync(EntryKind.Dataset, skip ?? 0, take ?? 100)));
        api.MapGet("/datasets/{dataset}", (string dataset, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.Dataset(new DatasetId(dataset)).GetAsync()));
        var images = api.MapGroup("/datasets/{dataset}/images");
        images.MapGet("", (string dataset, int? skip, int? take, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.Dataset(new DatasetId(dataset)).GetImagesAsync(skip ?? 0, take ?? 60)));
        images.MapGet("/{image}", (string dataset, string image, ClaimsPrincipal person, IGrainFactory grains) => FindAsync(person, grains, dataset, image));
        images.MapGet("/{image}/preview/{side:int}.png", PreviewAsync);
        images.MapGet("/{image}/original", OriginalAsync);
        images.MapGet("/{image}/download", DownloadAsync);
        images.MapGet("/{image}.npy", ArrayAsync);
    }

    private static async Task<IResult> CreateAsync(NewDataset wanted, ClaimsPrincipal person, IGrainFactory grains)
    {
        var id = await CallFor.Person(person, () => grains.Workspace(WorkspaceId.Main).CreateDatasetAsync(wanted.Name));
        return TypedResults.Created($"/api/v1/datasets/{id}", new { id });
    }

    private static async Task<IResult> PreviewAsync(
        string dataset, string image, int side, double? black, double? white, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context) =>
        await pictures.PreviewAsync(context, await FindAsync(person, grains, dataset, image), side, black, white);

    private static async Task<IResult> OriginalAsync(
        string dataset, string image, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var info = await FindAsync(person, grains, dataset, image);
        return await pictures.FileAsync(context, info.Original, info.Name, cancellationToken);
    }

    private static async Task<IResult> DownloadAsync(
        string dataset, string image, string? format, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context)
    {
        var info = await FindAsync(person, grains, dataset, image);
        if (format != "original")
        {
            return await pictures.ConvertedAsync(context, info, format);
        }

        return info.Parent is { } parent
            ? await pictures.LikeAsync(context, info, await FindAsync(person, grains, dataset, parent.Value))
            : Problems.NotFound("This image was computed from no other; ask for its original, or for another format.");
    }

    private static async Task<IResult> ArrayAsync(
        string dataset, string image, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var info = await FindAsync(person, grains, dataset, image);
        return await pictures.FileAsync(context, info.Pixels, Path.ChangeExtension(info.Name, "npy"), cancellationToken);
    }

    private static Task<ImageInfo> FindAsync(ClaimsPrincipal person, IGrainFactory grains, string dataset, string image) =>
        CallFor.Person(person, () => grains.Dataset(new DatasetId(dataset)).GetImageAsync(new ImageId(image)));

    /// <summary>A dataset to be made.</summary>
    internal sealed record NewDataset(string Name);
}
