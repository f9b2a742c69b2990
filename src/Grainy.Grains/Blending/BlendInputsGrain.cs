using Grainy.Contracts.Blending;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;
using Grainy.Grains.Datasets;
using Orleans.Concurrency;

namespace Grainy.Grains.Blending;

/// <summary>Looks at images before they are blended.</summary>
[StatelessWorker(4), Reentrant, GrainType("blend-inputs")]
internal sealed class BlendInputsGrain(WorkspaceAccess access, BlendInputs inputs) : Grain, IBlendInputsGrain
{
    private const int MostImages = 60;

    private WorkspaceId Workspace => new(this.GetPrimaryKeyString());

    public async Task<FittingReport> CheckAsync(ImageRef[] images)
    {
        var infos = await RequireAsync(images);
        return await Task.Run(() => inputs.CheckAsync(infos));
    }

    public async Task<FittedImages> FitAsync(ImageRef[] images, ImageFitting fitting)
    {
        var infos = await RequireAsync(images);
        return Enum.IsDefined(fitting)
            ? await inputs.FitAsync(infos, fitting)
            : throw new RefusedException(Refusal.Invalid, "This way to make images fit is unknown; choose none, crop, fit or align.");
    }

    private async Task<ImageInfo[]> RequireAsync(ImageRef[] images)
    {
        await access.RequireAsync(Workspace, WorkspaceRole.Editor);
        return images is { Length: >= 2 and <= MostImages }
            ? await GrainFactory.RequireImagesAsync(Workspace, images)
            : throw new RefusedException(Refusal.Invalid, $"Two to {MostImages} images can be laid over each other; choose a number in between.");
    }
}
