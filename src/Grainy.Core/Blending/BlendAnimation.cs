using Grainy.Core.Images;
using NetVips;
using VipsImage = NetVips.Image;

namespace Grainy.Core.Blending;

/// <summary>Frames of a blend as one animated file.</summary>
public static class BlendAnimation
{
    private const int GifPalette = 8;
    private const string Missing =
        "MP4 needs the program ffmpeg, which is not installed on this machine (no 'ffmpeg' on its PATH): install it, or choose WebP or GIF.";

    /// <summary>For example <c>image/gif</c>.</summary>
    public static string MediaType(AnimationFormat format) => format switch
    {
        AnimationFormat.Gif => "image/gif",
        AnimationFormat.WebP => "image/webp",
        _ => "video/mp4",
    };

    /// <summary>File extension with its dot.</summary>
    public static string Extension(AnimationFormat format) => format switch { AnimationFormat.Gif => ".gif", AnimationFormat.WebP => ".webp", _ => ".mp4" };

    /// <summary>Why a format cannot be written on this machine, in a sentence for people; null where it can.</summary>
    public static string? WhyNot(AnimationFormat format) => format != AnimationFormat.Mp4 || FfmpegProgram.Find() is not null ? null : Missing;

    /// <summary>Writes an animation.</summary>
    /// <param name="frames">At least two of the same size, in the order of showing; at most 8-bit colours are kept.</param>
    /// <param name="format">Which file.</param>
    /// <param name="destination">Written from its current position; left open.</param>
    /// <param name="framesPerSecond">1 to 60.</param>
    /// <param name="backAndForth">Shows the frames in reverse order after the last one, so that the animation ends where it begins.</param>
    /// <exception cref="ArgumentException">Frames differ in size, or there are too few.</exception>
    /// <exception cref="InvalidOperationException">MP4 was asked for and ffmpeg is not there or fails; the message is a sentence for people.</exception>
    public static void Write(
        IReadOnlyList<ImageBuffer> frames, AnimationFormat format, Stream destination, double framesPerSecond = 8, bool backAndForth = true)
    {
        ArgumentNullException.ThrowIfNull(frames);
        ArgumentNullException.ThrowIfNull(destination);
        ArgumentOutOfRangeException.ThrowIfNotEqual(framesPerSecond is >= 1 and <= 60, true, nameof(framesPerSecond));
        if (frames.Count < 2 || frames.Any(frame => !frame.HasSizeOf(frames[0])))
        {
            throw new ArgumentException("An animation is made of at least two frames of the same size.", nameof(frames));
        }

        ImageBuffer[] shown = backAndForth ? [.. frames, .. frames.Skip(1).SkipLast(1).Reverse()] : [.. frames];
        if (format == AnimationFormat.Mp4)
        {
            FfmpegProgram.Encode(FfmpegProgram.Find() ?? throw new InvalidOperationException(Missing), shown, framesPerSecond, destination);
            return;
        }

        destination.Write(Encode(shown, format, (int)Math.Round(1000 / framesPerSecond)));
    }

    private static byte[] Encode(ImageBuffer[] frames, AnimationFormat format, int delay)
    {
        VipsRuntime.Ensure();
        var (width, height) = (frames[0].Width, frames[0].Height);
        using var pixels = VipsImage.NewFromMemory(Column(frames), width, height * frames.Length, 3, Enums.BandFormat.Uchar);
        using var typed = pixels.Copy(interpretation: Enums.Interpretation.Srgb);
        // The library takes one tall picture for an animation when it is told where to cut.
        using var animated = typed.Mutate(mutable =>
        {
            mutable.Set(GValue.GIntType, "page-height", height);
            mutable.Set(GValue.ArrayIntType, "delay", Enumerable.Repeat(delay, frames.Length).ToArray());
            mutable.Set(GValue.GIntType, "loop", 0);
        });
        return format == AnimationFormat.Gif
            ? animated.GifsaveBuffer(dither: 0.6, effort: 7, bitdepth: GifPalette, pageHeight: height)
            : animated.WebpsaveBuffer(q: 92, effort: 4, pageHeight: height);
    }

    private static byte[] Column(ImageBuffer[] frames)
    {
        var size = frames[0].Width * frames[0].Height * 3;
        var bytes = new byte[size * frames.Length];
        for (var i = 0; i < frames.Length; i++)
        {
            EightBitSamples.Write(frames[i], bytes.AsSpan(i * size, size));
        }

        return bytes;
    }
}
