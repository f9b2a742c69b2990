using Grainy.Contracts;

namespace Grainy.Web.Shared.ImageViewer;

/// <summary>What a blend's viewer shows.</summary>
public sealed class BlendScene
{
    /// <summary>The blend.</summary>
    public required BlendId Blend { get; init; }

    /// <summary>Two to four.</summary>
    public required IReadOnlyList<ViewerSide> Images { get; init; }

    /// <summary>Of the images, in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Of the images, in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>Longer side of the frames, in pixels.</summary>
    public required int Size { get; init; }

    /// <summary>Parts into which frames divide each edge between two images.</summary>
    public required int Parts { get; init; }

    /// <summary>True under plain squared error, whose barycentres are the pixel mix: frames are then not called perceptual.</summary>
    public bool IsPixelMix { get; init; }

    /// <summary>True when a frame can be computed at any place.</summary>
    public required bool Anywhere { get; init; }

    /// <summary>True while a job works.</summary>
    public required bool Computing { get; init; }

    /// <summary>Every frame that is there or wanted.</summary>
    public required IReadOnlyList<BlendPlace> Targets { get; init; }

    /// <summary>Frames that have a picture.</summary>
    public required IReadOnlyList<BlendPicture> Frames { get; init; }

    /// <summary>
    /// Between two images: pairs of a frame's share of the second image and its place on the slider, for a slider along which equal ways are equal distances; null for one that
    /// runs by weight.
    /// </summary>
    public IReadOnlyList<double[]>? Axis { get; init; }

    /// <summary>Differs whenever the viewer has to be told.</summary>
    internal string Version
    {
        get
        {
            var frames = Frames.Select(frame => $"{frame.Index}:{frame.Url}:{frame.Final}:{frame.Stages}");
            var axis = Axis?.Select(point => $"{point[0]:R}:{point[1]:R}") ?? [];
            return string.Join('|', [.. frames, $"{Computing}", string.Join(',', Targets.Select(target => target.Index)), .. axis]);
        }
    }
}
