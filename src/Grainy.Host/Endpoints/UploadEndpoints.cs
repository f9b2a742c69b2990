using System.Security.Claims;
using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Datasets;
using Grainy.Host.Startup;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Grainy.Host.Endpoints;

/// <summary>Takes image files: one per request, the file itself as the body. Each page of a stack becomes an image.</summary>
internal static class UploadEndpoints
{
    private const string TryAnother = "Choose another file; the others of this upload are not affected.";

    public static void MapUploads(this RouteGroupBuilder api) => api.MapPost("/datasets/{dataset}/images", UploadAsync);

    private static async Task<IResult> UploadAsync(
        string dataset, string? name, ClaimsPrincipal person, IGrainFactory grains, ImageIngest ingest, ServerOptions options, HttpContext context)
    {
        var grain = grains.Dataset(new DatasetId(dataset));
        await RequireEditorAsync(person, grains, (await CallFor.Person(person, grain.GetAsync)).Workspace);
        var file = Path.GetFileName(name?.Trim() ?? "");
        if (file.Length is 0 or > 200 || file.Any(char.IsControl))
        {
            return Problems.Make(StatusCodes.Status400BadRequest, "The upload does not say what the file is called.", "Give the file's name with ?name=, 1 to 200 characters.");
        }

        if (context.Request.ContentLength > options.MaxUploadBytes)
        {
            return TooLarge(options);
        }

        context.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = options.MaxUploadBytes;
        try
        {
            var added = new List<ImageInfo>();
            foreach (var image in await ingest.StorePagesAsync(file, context.Request.Body, context.RequestAborted))
            {
                added.Add(await CallFor.Person(person, () => grain.AddImageAsync(image)));
            }

            var place = $"/api/v1/datasets/{dataset}/images/{added[0].Id}";
            return added.Count == 1 ? TypedResults.Created(place, added[0]) : TypedResults.Created(place, new { added[0].Id, Pages = added.Select(image => image.Id) });
        }
        catch (RefusedException refused) when (refused.Reason == Refusal.Invalid)
        {
            return Problems.Make(StatusCodes.Status422UnprocessableEntity, refused.Message, TryAnother);
        }
        catch (BadHttpRequestException tooLarge) when (tooLarge.StatusCode == StatusCodes.Status413PayloadTooLarge)
        {
            return TooLarge(options);
        }
    }

    // Refused before the body is read: whoever may not add images must not fill the disk either.
    private static async Task RequireEditorAsync(ClaimsPrincipal person, IGrainFactory grains, WorkspaceId workspace)
    {
        var role = CallerClaims.Account(person) is { } user ? await CallFor.Person(person, () => grains.Workspace(workspace).GetRoleAsync(user)) : WorkspaceRole.None;
        if (role < WorkspaceRole.Editor)
        {
            throw new RefusedException(Refusal.Forbidden, "Your role does not allow adding images; ask an owner of the workspace to make you an editor.");
        }
    }

    private static ProblemHttpResult TooLarge(ServerOptions options) => Problems.Make(
        StatusCodes.Status413PayloadTooLarge, $"The file is larger than the {options.MaxUploadBytes / 1048576.0:0.#} MiB that are taken.", "Crop the image, save it compressed, or raise Grainy:MaxUploadBytes.");
}
