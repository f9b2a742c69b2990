using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Host.Pixels;

namespace Grainy.Host.Endpoints;

/// <summary>Blends and their pictures, also for guests of a live room about them, who have no right to the datasets that the images lie in.</summary>
internal static class BlendEndpoints
{
    public static void MapBlends(this RouteGroupBuilder api)
    {
        api.MapPost("/blends", BlendAsync);
        var guests = api.MapGroup("").RequireAuthorization(CallerClaims.RoomPolicy);
        guests.MapGet("/blends/{blend}", (string blend, ClaimsPrincipal person, IGrainFactory grains) => ReadAsync(person, grains, blend));
        guests.MapGet("/blends/{blend}/images/{which:regex(^(left|right)$)}/{side:int}.png", BlendImageAsync);
        guests.MapGet("/blends/{blend}/frames/{number:int}/{sha}.png", FrameAsync);
    }

    private static async Task<IResult> BlendAsync(NewPair pair, ClaimsPrincipal person, IGrainFactory grains)
    {
        var id = BlendId.New();
        await CallFor.Person(person, () => grains.Blend(id).CreateAsync(WorkspaceId.Main, pair.Left, pair.Right, pair.Settings ?? new BlendSettings()));
        return TypedResults.Created($"/api/v1/blends/{id}", new { id });
    }

    private static async Task<IResult> BlendImageAsync(
        string blend, string which, int side, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context)
    {
        var snapshot = await ReadAsync(person, grains, blend);
        return await pictures.PreviewAsync(context, Pick(which, snapshot.LeftInfo, snapshot.RightInfo), side);
    }

    private static async Task<IResult> FrameAsync(
        string blend, int number, string sha, ClaimsPrincipal person, IGrainFactory grains, Pictures pictures, HttpContext context, CancellationToken cancellationToken)
    {
        var snapshot = await ReadAsync(person, grains, blend);
        return snapshot.Frames.FirstOrDefault(frame => frame.Index == number && frame.Png.Sha256 == sha) is { } frame
            ? await pictures.StoredAsync(context, frame.Png, cancellationToken)
            : Problems.NotFound("This stage of the frame is not there (any more).");
    }

    private static Task<BlendSnapshot> ReadAsync(ClaimsPrincipal person, IGrainFactory grains, string blend) =>
        CallFor.Person(person, () => grains.Blend(new BlendId(blend)).GetAsync());

    private static ImageInfo Pick(string which, ImageInfo left, ImageInfo right) => which == "left" ? left : right;

    /// <summary>Two images to be blended.</summary>
    internal sealed record NewPair(ImageRef Left, ImageRef Right, BlendSettings? Settings);
}
