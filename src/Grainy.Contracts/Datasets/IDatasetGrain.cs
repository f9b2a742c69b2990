namespace Grainy.Contracts.Datasets;

/// <summary>A set of images: where their bytes are and what is known of them.</summary>
[Alias("grainy.dataset")]
public interface IDatasetGrain : IGrainWithStringKey, IUserFacing
{
    /// <summary>Makes the dataset; called once by its workspace.</summary>
    [Alias("Create")]
    Task CreateAsync(WorkspaceId workspace, string name);

    /// <summary>Name, owner and size.</summary>
    [Alias("Get")]
    Task<DatasetInfo> GetAsync();

    /// <summary>Images in the order of their names.</summary>
    /// <param name="skip">At the start of the list.</param>
    /// <param name="take">1 to 60, so that an answer stays below 64 KB.</param>
    [Alias("GetImages")]
    Task<ImageInfo[]> GetImagesAsync(int skip, int take);

    /// <summary>One image; refused with <see cref="Refusal.NotFound"/> when it is not here.</summary>
    [Alias("GetImage")]
    Task<ImageInfo> GetImageAsync(ImageId image);

    /// <summary>
    /// Adds an image whose blobs are already stored. An original with the same content and name is not added twice: the answer is the image
    /// that is here. Adding an id that is here replaces nothing and returns it.
    /// </summary>
    [Alias("AddImage")]
    Task<ImageInfo> AddImageAsync(ImageInfo image);

    /// <summary>Takes images out of the set (their bytes are swept later, if nothing else refers to them).</summary>
    [Alias("RemoveImages")]
    Task RemoveImagesAsync(ImageId[] images);

    /// <summary>Says that <paramref name="reference"/> is the clean version of <paramref name="image"/>, or that there is none.</summary>
    [Alias("SetReference")]
    Task SetReferenceAsync(ImageId image, ImageId? reference);

    /// <summary>Changes the name, 1 to 120 characters.</summary>
    [Alias("Rename")]
    Task RenameAsync(string name);
}

/// <summary>What a dataset's header shows.</summary>
[GenerateSerializer, Immutable, Alias("grainy.dataset-info.v1")]
public sealed record DatasetInfo(
    [property: Id(0)] DatasetId Id, [property: Id(1)] WorkspaceId Workspace, [property: Id(2)] string Name, [property: Id(3)] int Images, [property: Id(4)] DateTimeOffset CreatedAt);
