using Grainy.Contracts;
using Grainy.Contracts.Datasets;

namespace Grainy.Web.Features.Datasets;

/// <summary>Chosen images in the order in which they were chosen, as in a file manager: one by one, or a range from the last one touched.</summary>
public sealed class Selection
{
    private readonly List<ImageId> _chosen = [];
    private Dictionary<ImageId, int>? _places;
    private ImageId? _anchor;

    public int Count => _chosen.Count;

    private Dictionary<ImageId, int> Places => _places ??= _chosen.Index().ToDictionary(item => item.Item, item => item.Index);

    public bool Contains(ImageId image) => Places.ContainsKey(image);

    /// <summary>Which one it was, from 0; -1 for one that is not chosen.</summary>
    public int PlaceOf(ImageId image) => Places.GetValueOrDefault(image, -1);

    public void Clear()
    {
        _chosen.Clear();
        (_places, _anchor) = (null, null);
    }

    /// <summary>Turns one image on or off; with <paramref name="range"/> turns on all from the last one touched.</summary>
    public void Toggle(IReadOnlyList<ImageInfo> images, ImageId image, bool range)
    {
        var from = range && _anchor is { } anchor ? IndexOf(images, anchor) : -1;
        var to = IndexOf(images, image);
        if (from >= 0 && to >= 0)
        {
            var step = from <= to ? 1 : -1;
            Add(Enumerable.Range(0, Math.Abs(to - from) + 1).Select(i => images[from + (i * step)]));
        }
        else if (!_chosen.Remove(image))
        {
            _chosen.Add(image);
        }

        (_places, _anchor) = (null, image);
    }

    /// <summary>Turns on all.</summary>
    public void All(IEnumerable<ImageInfo> images) => Add(images);

    private void Add(IEnumerable<ImageInfo> images)
    {
        _chosen.AddRange([.. images.Select(image => image.Id).Where(id => !Contains(id))]);
        _places = null;
    }

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
