using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Metrics;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Maps;
using Grainy.Host.Pixels;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grainy.Host.Endpoints;

/// <summary>Comparisons: their values and pictures, also for guests of a live room about them, who have no right to the datasets that the images lie in.</summary>
internal static class ComparisonEndpoints
{
    // One pixel for each step of the colours; rendered by what renders the maps, so that both can never differ.
    private static readonly Lazy<byte[]> Legend = new(() => ColourMap.RenderPng(new ImageBuffer(1, 1, 256, [.. Enumerable.Range(0, 256).Select(step => step / 255f)]), 1));

    public static void MapComparisons(this RouteGroupBuilder api)
    {
        api.MapPost("/comparisons", CreateAsync);
        api.MapGet("/metrics", (ClaimsPrincipal person, IGrainFactory grains) => CallFor.Person(person, () => grains.Metrics(WorkspaceId.Main).ListAsync()));
        api.MapGet("/colour-map.png", ColourMapAsync).RequireAuthorization(CallerClaims.RoomPolicy);
        var one = api.MapGroup("/comparisons/{comparison}").RequireAuthorization(CallerClaims.RoomPolicy);
        one.MapGet("", (string comparison, ClaimsPrincipal person, IGrainFactory grains) => ReadAsync(person, grains, comparison));
        one.MapGet("/images", (string comparison, ClaimsPrincipal person, IGrainFactory grains) => ImagesAsync(person, grains, comparison));
        one.MapGet("/cells", (string comparison, long? since, int? take, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).GetCellsAsync(since ?? 0, take ?? 60)));
        one.MapPost("/measure", (string comparison, ClaimsPrincipal person, IGrainFactory grains) =>
            StartedAsync(CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).ScoreAsync())));
        one.MapPost("/refine", (string comparison, Refinement? wanted, ClaimsPrincipal person, IGrainFactory grains) =>
            StartedAsync(CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).RefineAsync(wanted?.Metric, wanted?.Pair))));
        one.MapPost("/cancel", (string comparison, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).CancelAsync()));
        one.MapPost("/maps", (string comparison, WantedMap wanted, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).MapAsync(wanted.Pair, wanted.Metric)));
        one.MapGet("/maps/{pair:int}/{metric}", (string comparison, int pair, string metric, ClaimsPrincipal person, IGrainFactory grains) => FindMapAsync(person, grains, comparison, pair, metric));
        one.MapGet("/maps/{pair:int}/{metric}/{layer:int}.{format:regex(^(png|npy)$)}", MapAsync);
        one.MapGet("/scores.csv", (string comparison, ClaimsPrincipal person, IGrainFactory grains) => SheetAsync(person, grains, comparison, sheet => TypedResults.File(sheet.Csv(), "text/csv; charset=utf-8", "scores.csv")));
        one.MapGet("/scores.json", (string comparison, ClaimsPrincipal person, IGrainFactory grains) => SheetAsync(person, grains, comparison, sheet => TypedResults.Json(sheet.Rows)));
        one.MapGet("/images/{which:regex(^(left|right)$)}/{side:int}.png", (string comparison, string which, int side, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context) =>
            ImageAsync(person, grains, comparison, which == "left" ? 0 : 1, side, pictures, context));
        one.MapGet("/images/{place:int}/{side:int}.png", (string comparison, int place, int side, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context) =>
            ImageAsync(person, grains, comparison, place, side, pictures, context));
    }

    private static async Task<IResult> CreateAsync(NewComparison wanted, ClaimsPrincipal person, IGrainFactory grains)
    {
        var id = ComparisonId.New();
        ImageRef[] images = wanted switch
        {
            { Images: { } all } => all,
            { Left: { } left, Right: { } right } => [left, right],
            _ => throw new RefusedException(Refusal.Invalid, "A comparison needs images; give 'images', or 'left' and 'right'."),
        };
        var plan = new ComparisonPlan(wanted.Layout, images, wanted.Metrics ?? []);
        await CallFor.Person(person, () => grains.Comparison(id).CreateSetAsync(WorkspaceId.Main, plan));
        return TypedResults.Created($"/api/v1/comparisons/{id}", new { id });
    }

    private static async Task<IResult> StartedAsync(Task<JobId> starting) => TypedResults.Ok(new { job = await starting });

    private static Task<ComparisonSnapshot> ReadAsync(ClaimsPrincipal person, IGrainFactory grains, string comparison) =>
        CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).GetAsync());

    private static Task<ComparisonImage[]> ImagesAsync(ClaimsPrincipal person, IGrainFactory grains, string comparison) =>
        CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).GetImagesAsync(0, 30));

    private static async Task<IResult> SheetAsync(ClaimsPrincipal person, IGrainFactory grains, string comparison, Func<ScoreSheet, IResult> answer) =>
        answer(await CallFor.Person(person, () => ScoreSheet.ReadAsync(grains.Comparison(new ComparisonId(comparison)))));

    private static async Task<ComparisonMap> FindMapAsync(ClaimsPrincipal person, IGrainFactory grains, string comparison, int pair, string metric) =>
        await CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).GetMapAsync(pair, metric))
        ?? throw new RefusedException(Refusal.NotFound, "This map was not asked for (any more); ask for it first.");

    private static async Task<IResult> MapAsync(
        string comparison, int pair, string metric, int layer, string format, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context,
        CancellationToken cancellationToken)
    {
        var map = await FindMapAsync(person, grains, comparison, pair, metric);
        if (map.Layers.ElementAtOrDefault(layer) is not { } found)
        {
            return Problems.NotFound("This map has no such layer, or it is still being made.");
        }

        return format == "png"
            ? await pictures.StoredAsync(context, found.Png, cancellationToken)
            : await pictures.FileAsync(context, found.Values, $"map-{metric}-{layer}.npy", cancellationToken);
    }

    private static FileContentHttpResult ColourMapAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = "private, max-age=86400";
        return TypedResults.File(Legend.Value, "image/png");
    }

    private static async Task<IResult> ImageAsync(
        ClaimsPrincipal person, IGrainFactory grains, string comparison, int place, int side, Pictures pictures, HttpContext context)
    {
        var found = place is >= 0 and < ComparisonPairs.MostImages
            ? await CallFor.Person(person, () => grains.Comparison(new ComparisonId(comparison)).GetImagesAsync(place, 1))
            : [];
        return found is [var image] ? await pictures.PreviewAsync(context, image.Info, side) : Problems.NotFound("This comparison has no such image.");
    }

    /// <summary>Images to be compared: two, or a list of them.</summary>
    internal sealed record NewComparison(ImageRef? Left, ImageRef? Right, ImageRef[]? Images, ComparisonLayout Layout, string[]? Metrics);

    /// <summary>A map to be made.</summary>
    internal sealed record WantedMap(int Pair, string Metric);

    /// <summary>What to go on sampling.</summary>
    internal sealed record Refinement(string? Metric, int? Pair);
}
