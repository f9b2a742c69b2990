using Grainy.Contracts.Datasets;
using Grainy.Core.Images;
using Grainy.Grains.Images;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>Images as they are shown, all on one scale: what is for the eye is computed on what the eye sees.</summary>
internal sealed class ShownImages
{
    private readonly double _black;
    private readonly double _white;

    private ShownImages(IReadOnlyList<ImageInfo> infos)
    {
        (_black, _white) = (infos.Min(info => info.DisplayBlack), infos.Max(info => info.DisplayWhite));
        Images = [];
    }

    /// <summary>In the order of the infos; black is 0 and white 1.</summary>
    public IReadOnlyList<ImageBuffer> Images { get; private init; }

    /// <summary>Reads images and puts them on their common scale.</summary>
    public static async Task<ShownImages> LoadAsync(ImageBlobs blobs, IReadOnlyList<ImageInfo> infos, CancellationToken cancellationToken)
    {
        var scale = new ShownImages(infos);
        var images = await Task.WhenAll(infos.Select(info => blobs.LoadAsync(info.Pixels, cancellationToken)));
        return new ShownImages(infos) { Images = [.. images.Select(image => scale.Map(image, value => (value - scale._black) / (scale._white - scale._black)))] };
    }

    /// <summary>A result on the scale of the images' own samples.</summary>
    public ImageBuffer Back(ImageBuffer image) => Map(image, value => (value * (_white - _black)) + _black);

    private ImageBuffer Map(ImageBuffer image, Func<double, double> map) => (_black, _white) == (0, 1)
        ? image
        : new ImageBuffer(image.Channels, image.Height, image.Width, Array.ConvertAll(image.Planes, value => (float)map(value)));
}
