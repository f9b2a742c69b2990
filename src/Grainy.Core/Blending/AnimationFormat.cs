namespace Grainy.Core.Blending;

/// <summary>Files that hold an animation.</summary>
public enum AnimationFormat
{
    /// <summary>GIF: at most 256 colours per picture, shown everywhere.</summary>
    Gif,

    /// <summary>Animated WebP, nearly lossless.</summary>
    WebP,

    /// <summary>H.264 in MP4; made by ffmpeg where that is installed.</summary>
    Mp4,
}
