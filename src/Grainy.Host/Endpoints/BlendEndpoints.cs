using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Host.Exports;
using Grainy.Host.Pixels;

namespace Grainy.Host.Endpoints;

/// <summary>Blends and their pictures, also for guests of a live room about them, who have no right to the datasets that the images lie in.</summary>
internal static class BlendEndpoints
{
    public static void MapBlends(this RouteGroupBuilder api)
    {
        api.MapPost("/blends", CreateAsync);
        api.MapGet("/blend-inputs", (string images, ClaimsPrincipal person, IGrainFactory grains) =>
            CallFor.Person(person, () => grains.BlendInputs(WorkspaceId.Main).CheckAsync(Images(images))));
        api.MapGet("/blend-inputs/{fitting}/{place:int}/{side:int}.png", FittedAsync);
        var own = api.MapGroup("/blends/{blend}");
        own.MapPost("/compute", (string blend, ClaimsPrincipal person, IGrainFactory grains) => StartedAsync(person, () => Of(grains, blend).ComputeAsync()));
        own.MapPost("/extend", (string blend, More more, ClaimsPrincipal person, IGrainFactory grains) =>
            StartedAsync(person, () => Of(grains, blend).ExtendAsync(more.Frame, more.Steps)));
        own.MapPost("/stop", (string blend, ClaimsPrincipal person, IGrainFactory grains) => CallFor.Person(person, () => Of(grains, blend).StopAsync()));
        own.MapPost("/frames", WishAsync);
        own.MapGet("/export.{format:regex(^(zip|webp|gif|mp4)$)}", ExportAsync);

        var all = api.MapGroup("/blends/{blend}").RequireAuthorization(CallerClaims.RoomPolicy);
        all.MapGet("", (string blend, ClaimsPrincipal person, IGrainFactory grains) => ReadAsync(person, grains, blend));
        all.MapPost("/near", NearAsync);
        all.MapGet("/images/{which:regex(^(left|right)$)}/{side:int}.png", (string blend, string which, int side, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context) =>
            ImageAsync(person, grains, blend, which == "left" ? 0 : 1, side, pictures, context));
        all.MapGet("/images/{place:int}/{side:int}.png", (string blend, int place, int side, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context) =>
            ImageAsync(person, grains, blend, place, side, pictures, context));
        all.MapGet("/frames/{number:int}/{sha}.png", FrameAsync);
        all.MapGet("/frames/{number:int}/stages", StagesAsync);
        all.MapGet("/frames/{number:int}/stages/{sha}.png", StageAsync);
    }

    private static async Task<IResult> CreateAsync(NewBlend wanted, ClaimsPrincipal person, IGrainFactory grains)
    {
        var id = BlendId.New();
        ImageRef[] images = wanted switch
        {
            { Images: { } all } => all,
            { Left: { } left, Right: { } right } => [left, right],
            _ => throw new RefusedException(Refusal.Invalid, "A blend needs images; give 'images', or 'left' and 'right'."),
        };
        var plan = new BlendPlan(images, wanted.Settings ?? new BlendSettings(), wanted.Fitting);
        await CallFor.Person(person, () => grains.Blend(id).CreatePlannedAsync(WorkspaceId.Main, plan));
        return TypedResults.Created($"/api/v1/blends/{id}", new { id });
    }

    private static async Task<IResult> FittedAsync(
        string fitting, int place, int side, string images, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context)
    {
        if (!Enum.TryParse<ImageFitting>(fitting, ignoreCase: true, out var wanted))
        {
            return Problems.NotFound($"'{fitting}' is no way to make images fit; there are none, crop, fit and align.");
        }

        var fitted = await CallFor.Person(person, () => grains.BlendInputs(WorkspaceId.Main).FitAsync(Images(images), wanted));
        return place >= 0 && place < fitted.Infos.Length ? await pictures.PreviewAsync(context, fitted.Infos[place], side) : Problems.NotFound("There is no such image.");
    }

    /// <summary>Images as <c>dataset.image</c>, with commas between.</summary>
    private static ImageRef[] Images(string images) =>
    [
        .. images.Split(',').Select(one => one.Split('.') is [var dataset, var image] && dataset.StartsWith("ds-", StringComparison.Ordinal) && image.StartsWith("im-", StringComparison.Ordinal)
            ? new ImageRef(new DatasetId(dataset), new ImageId(image))
            : throw new RefusedException(Refusal.Invalid, $"'{one}' names no image; give dataset and image with a dot between.")),
    ];

    private static async Task<IResult> StartedAsync(ClaimsPrincipal person, Func<Task<JobId>> start) => TypedResults.Ok(new { job = await CallFor.Person(person, start) });

    private static async Task<IResult> WishAsync(string blend, Place place, ClaimsPrincipal person, IGrainFactory grains) =>
        TypedResults.Ok(new { frame = await CallFor.Person(person, () => Of(grains, blend).WishAsync(place.Weights)) });

    private static async Task<IResult> NearAsync(string blend, Place place, ClaimsPrincipal person, IGrainFactory grains)
    {
        await CallFor.Person(person, () => Of(grains, blend).NearAsync(place.Weights));
        return TypedResults.NoContent();
    }

    private static async Task<IResult> ImageAsync(
        ClaimsPrincipal person, IGrainFactory grains, string blend, int place, int side, Pictures pictures, HttpContext context)
    {
        var snapshot = await ReadAsync(person, grains, blend);
        return place >= 0 && place < snapshot.Infos.Length
            ? await pictures.PreviewAsync(context, snapshot.Infos[place], side)
            : Problems.NotFound("This blend has no such image.");
    }

    private static async Task<IResult> FrameAsync(
        string blend, int number, string sha, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var snapshot = await ReadAsync(person, grains, blend);
        return snapshot.Frames.FirstOrDefault(frame => frame.Index == number && frame.Png.Sha256 == sha) is { } frame
            ? await pictures.StoredAsync(context, frame.Png, cancellationToken)
            : Problems.NotFound("This stage of the frame is not there (any more).");
    }

    private static async Task<IResult> StagesAsync(string blend, int number, ClaimsPrincipal person, IGrainFactory grains)
    {
        var stages = await CallFor.Person(person, () => Of(grains, blend).GetStagesAsync(number));
        return TypedResults.Ok(stages.Select(stage => new
        {
            stage.Step,
            stage.Energy,
            stage.EnergyError,
            stage.Stage,
            Url = $"/api/v1/blends/{blend}/frames/{number}/stages/{stage.Png.Sha256}.png",
        }));
    }

    private static async Task<IResult> StageAsync(
        string blend, int number, string sha, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var stages = await CallFor.Person(person, () => Of(grains, blend).GetStagesAsync(number));
        return Array.Find(stages, stage => stage.Png.Sha256 == sha) is { } stage
            ? await pictures.StoredAsync(context, stage.Png, cancellationToken)
            : Problems.NotFound("This stage of the frame is not there (any more).");
    }

    private static async Task<IResult> ExportAsync(
        string blend, string format, double? fps, bool? bounce, ClaimsPrincipal person, IGrainFactory grains, BlendExports exports, HttpContext context) =>
        await exports.AnswerAsync(context, await ReadAsync(person, grains, blend), format, fps ?? 8, bounce ?? true);

    private static Task<BlendSnapshot> ReadAsync(ClaimsPrincipal person, IGrainFactory grains, string blend) => CallFor.Person(person, () => Of(grains, blend).GetAsync());

    private static IBlendGrain Of(IGrainFactory grains, string blend) => grains.Blend(new BlendId(blend));

    /// <summary>Images to be blended: two, or a list of two to four.</summary>
    internal sealed record NewBlend(ImageRef? Left, ImageRef? Right, BlendSettings? Settings, ImageRef[]? Images, ImageFitting Fitting);

    /// <summary>A place between the images.</summary>
    internal sealed record Place(double[] Weights);

    /// <summary>More steps for a frame, or for all.</summary>
    internal sealed record More(int? Frame, int Steps);
}
