using Grainy.Contracts;
using Grainy.Contracts.Datasets;

namespace Grainy.Web.Shared;

/// <summary>The address of a blend that is about to be made.</summary>
internal static class BlendAddress
{
    public static string For(IEnumerable<ImageRef> images) => $"/blend/new?images={List(images)}";

    /// <summary>An average of exposures.</summary>
    public static string ForAverage(IEnumerable<ImageRef> images) => $"/blend/new?mode=average&images={List(images)}";

    /// <summary>Images as <c>dataset.image</c>, with commas between.</summary>
    public static string List(IEnumerable<ImageRef> images) => string.Join(',', images.Select(image => $"{image.Dataset}.{image.Image}"));

    /// <summary>What <see cref="List"/> made; anything else is left out.</summary>
    public static ImageRef[] Parse(string? images) =>
    [
        .. (images ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(one => one.Split('.')).Where(parts => parts.Length == 2).Select(parts => new ImageRef(new DatasetId(parts[0]), new ImageId(parts[1]))),
    ];
}
