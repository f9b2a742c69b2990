using Grainy.Core.Images;

namespace Grainy.Core.Denoising;

/// <summary>
/// Brings images to the channels of a model and back: an RGB model takes a grey image as three equal channels and gives their mean; a grey model takes the channels
/// of an RGB image one by one.
/// </summary>
internal static class ChannelFit
{
    /// <summary>Images with the model's channels that together hold the image.</summary>
    public static ImageBuffer[] Split(ImageBuffer image, int modelChannels) => modelChannels == image.Channels
        ? [image]
        : modelChannels == 3
            ? [new ImageBuffer(3, image.Height, image.Width, [.. image.Planes, .. image.Planes, .. image.Planes])]
            : [.. Enumerable.Range(0, image.Channels).Select(channel => new ImageBuffer(1, image.Height, image.Width, image.Plane(channel).ToArray()))];

    /// <summary>The way back.</summary>
    public static ImageBuffer Join(ImageBuffer[] parts, int channels)
    {
        var first = parts[0];
        if (parts.Length == channels && first.Channels == 1)
        {
            return channels == 1 ? first : new ImageBuffer(channels, first.Height, first.Width, [.. parts.SelectMany(part => part.Planes)]);
        }

        if (first.Channels == channels)
        {
            return first;
        }

        var grey = new float[first.Width * first.Height];
        for (var i = 0; i < grey.Length; i++)
        {
            grey[i] = (first.Plane(0)[i] + first.Plane(1)[i] + first.Plane(2)[i]) / 3;
        }

        return new ImageBuffer(1, first.Height, first.Width, grey);
    }
}
