using Grainy.Contracts.Datasets;
using Grainy.Contracts.Workspaces;
using Grainy.Grains.Access;

namespace Grainy.Grains.Datasets;

/// <summary>A set of images. The bytes are in the blob store before a reference to them is stored here.</summary>
[GrainType("dataset")]
internal sealed class DatasetGrain(
    [PersistentState("dataset")] IPersistentState<DatasetRecord> state, WorkspaceAccess access, TimeProvider clock) : Grain, IDatasetGrain
{
    private const int MostImages = 2000;

    private DatasetId Id => new(this.GetPrimaryKeyString());

    public async Task CreateAsync(WorkspaceId workspace, string name)
    {
        WorkspaceAccess.RequireSystem();
        if (state.State.Workspace is null)
        {
            state.State = new DatasetRecord { Workspace = workspace, Name = Names.Checked(name), CreatedAt = clock.GetUtcNow() };
            await state.WriteStateAsync();
        }
    }

    public async Task<DatasetInfo> GetAsync()
    {
        await RequireAsync(WorkspaceRole.Viewer);
        var set = state.State;
        return new DatasetInfo(Id, set.Workspace!.Value, set.Name, set.Images.Length, set.CreatedAt);
    }

    public async Task<ImageInfo[]> GetImagesAsync(int skip, int take)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return skip >= 0 && take is >= 1 and <= 60
            ? [.. state.State.Images.Skip(skip).Take(take)]
            : throw new RefusedException(Refusal.Invalid, "A page of images has 1 to 60 images and starts at 0 or later.");
    }

    public async Task<ImageInfo> GetImageAsync(ImageId image)
    {
        await RequireAsync(WorkspaceRole.Viewer);
        return Find(image) ?? throw Missing(image);
    }

    public async Task<ImageInfo> AddImageAsync(ImageInfo image)
    {
        await RequireAsync(WorkspaceRole.Editor);
        if ((Find(image.Id) ?? SameUpload(image)) is { } present)
        {
            return present;
        }

        if (state.State.Images.Length >= MostImages)
        {
            throw new RefusedException(Refusal.Conflict, $"A dataset holds at most {MostImages} images; put '{image.Name}' into another one.");
        }

        var added = image with { Name = Names.Checked(image.Name, 200) };
        await SaveAsync([.. state.State.Images, added]);
        return added;
    }

    public async Task RemoveImagesAsync(ImageId[] images)
    {
        await RequireAsync(WorkspaceRole.Editor);
        var gone = images.ToHashSet();
        await SaveAsync([.. state.State.Images
            .Where(image => !gone.Contains(image.Id))
            .Select(image => image.Reference is { } reference && gone.Contains(reference) ? image with { Reference = null } : image)]);
    }

    public async Task SetReferenceAsync(ImageId image, ImageId? reference)
    {
        await RequireAsync(WorkspaceRole.Editor);
        var noisy = Find(image) ?? throw Missing(image);
        if (reference is { } id)
        {
            var clean = Find(id) ?? throw Missing(id);
            if (id == image || (clean.Width, clean.Height, clean.Channels) != (noisy.Width, noisy.Height, noisy.Channels))
            {
                throw new RefusedException(
                    Refusal.Invalid,
                    $"'{clean.Name}' ({clean.Width} × {clean.Height}) cannot be the clean version of '{noisy.Name}' ({noisy.Width} × {noisy.Height}); "
                    + "choose another image of the same size.");
            }
        }

        await SaveAsync([.. state.State.Images.Select(other => other.Id == image ? other with { Reference = reference } : other)]);
    }

    public async Task RenameAsync(string name)
    {
        await RequireAsync(WorkspaceRole.Editor);
        state.State = state.State with { Name = Names.Checked(name) };
        await state.WriteStateAsync();
        await RegisterAsync();
    }

    private Task RequireAsync(WorkspaceRole least) => state.State.Workspace is { } workspace
        ? access.RequireAsync(workspace, least)
        : throw new RefusedException(Refusal.NotFound, "This dataset does not exist (any more); choose one from the library.");

    private ImageInfo? Find(ImageId image) => Array.Find(state.State.Images, other => other.Id == image);

    private ImageInfo? SameUpload(ImageInfo image) => image.Parent is not null
        ? null
        : Array.Find(state.State.Images, other => other.Parent is null && other.Original.Sha256 == image.Original.Sha256 && other.Name == image.Name);

    private RefusedException Missing(ImageId image) =>
        new(Refusal.NotFound, $"The image {image} is not in the dataset '{state.State.Name}' (any more); choose another one.");

    private async Task SaveAsync(ImageInfo[] images)
    {
        state.State = state.State with { Images = [.. images.OrderBy(image => image.Name, NaturalOrder.Instance)] };
        await state.WriteStateAsync();
        await RegisterAsync();
    }

    private Task RegisterAsync()
    {
        var count = state.State.Images.Length;
        var entry = new WorkspaceEntry(EntryKind.Dataset, Id.Value, state.State.Name, count == 1 ? "1 image" : $"{count} images", state.State.CreatedAt);
        return Caller.AsAsync(Caller.System, () => GrainFactory.Workspace(state.State.Workspace!.Value).RegisterAsync(entry));
    }
}
