using Grainy.Contracts;
using Grainy.Contracts.Datasets;

namespace Grainy.Web.Features.Datasets;

/// <summary>Chosen images, as in a file manager: one by one, or a range from the last one touched.</summary>
public sealed class Selection
{
    private readonly HashSet<ImageId> _chosen = [];
    private ImageId? _anchor;

    public int Count => _chosen.Count;

    public bool Contains(ImageId image) => _chosen.Contains(image);

    public void Clear()
    {
        _chosen.Clear();
        _anchor = null;
    }

    /// <summary>Turns one image on or off; with <paramref name="range"/> turns on all from the last one touched.</summary>
    public void Toggle(IReadOnlyList<ImageInfo> images, ImageId image, bool range)
    {
        var from = range && _anchor is { } anchor ? IndexOf(images, anchor) : -1;
        var to = IndexOf(images, image);
        if (from >= 0 && to >= 0)
        {
            for (var i = Math.Min(from, to); i <= Math.Max(from, to); i++)
            {
                _chosen.Add(images[i].Id);
            }
        }
        else if (!_chosen.Remove(image))
        {
            _chosen.Add(image);
        }

        _anchor = image;
    }

    public void All(IEnumerable<ImageInfo> images) => _chosen.UnionWith(images.Select(image => image.Id));

    private static int IndexOf(IReadOnlyList<ImageInfo> images, ImageId id)
    {
        for (var i = 0; i < images.Count; i++)
        {
            if (images[i].Id == id)
            {
                return i;
            }
        }

        return -1;
    }
}
