using Grainy.Core.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Decoded images of a run, kept while they fit: the ones not asked for the longest are put away. Not for several threads.</summary>
internal sealed class ImageShelf(Func<int, Task<ImageBuffer>> load)
{
    /// <summary>In samples of four bytes: 600 MB.</summary>
    private const long MostSamples = 150_000_000;

    private readonly LinkedList<(int Index, ImageBuffer Image)> _images = [];

    /// <summary>The image at a place.</summary>
    public async Task<ImageBuffer> GetAsync(int index)
    {
        for (var node = _images.First; node is not null; node = node.Next)
        {
            if (node.Value.Index == index)
            {
                _images.Remove(node);
                _images.AddLast(node);
                return node.Value.Image;
            }
        }

        var image = await load(index);
        _images.AddLast((index, image));
        while (_images.Count > 2 && _images.Sum(entry => (long)entry.Image.Planes.Length) > MostSamples)
        {
            _images.RemoveFirst();
        }

        return image;
    }
}
