using Grainy.Contracts.Datasets;

namespace Grainy.Grains.Datasets;

/// <summary>
/// Finds images for work and makes sure that they belong to the workspace that asks: a reference from elsewhere would open somebody else's images.
/// </summary>
internal static class ImageLookup
{
    public static async Task<ImageInfo> RequireImageAsync(this IGrainFactory grains, WorkspaceId workspace, ImageRef image) =>
        (await grains.RequireImagesAsync(workspace, [image]))[0];

    public static Task<ImageInfo[]> RequireImagesAsync(this IGrainFactory grains, WorkspaceId workspace, IReadOnlyList<ImageRef> images) =>
        Caller.AsAsync(Caller.System, async () =>
        {
            foreach (var dataset in images.Select(image => image.Dataset).Distinct())
            {
                await grains.RequireDatasetAsync(workspace, dataset);
            }

            var found = new ImageInfo[images.Count];
            for (var i = 0; i < found.Length; i++)
            {
                found[i] = await grains.Dataset(images[i].Dataset).GetImageAsync(images[i].Image);
            }

            return found;
        });

    public static Task RequireDatasetAsync(this IGrainFactory grains, WorkspaceId workspace, DatasetId dataset) =>
        Caller.AsAsync(Caller.System, async () =>
        {
            if ((await grains.Dataset(dataset).GetAsync()).Workspace != workspace)
            {
                throw new RefusedException(Refusal.NotFound, "This dataset does not exist in the workspace; choose one from the library.");
            }
        });

    /// <summary>Refuses two images that cannot be laid over each other.</summary>
    public static void RequireSameSize(ImageInfo left, ImageInfo right, string purpose)
    {
        if ((left.Width, left.Height) != (right.Width, right.Height))
        {
            throw new RefusedException(
                Refusal.Invalid,
                $"'{left.Name}' is {left.Width} × {left.Height} and '{right.Name}' is {right.Width} × {right.Height}; "
                + $"to {purpose}, choose two images of the same size or crop one of them.");
        }

        if (left.Channels != right.Channels)
        {
            throw new RefusedException(
                Refusal.Invalid,
                $"'{left.Name}' has {Colours(left)} and '{right.Name}' has {Colours(right)}; to {purpose}, choose two grey or two colour images.");
        }
    }

    private static string Colours(ImageInfo image) => image.Channels == 1 ? "one channel (grey)" : "three channels (colour)";
}
