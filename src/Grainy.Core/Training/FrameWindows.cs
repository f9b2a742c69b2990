using Grainy.Core.Images;
using Grainy.Core.Tensors;

namespace Grainy.Core.Training;

/// <summary>
/// Keeps the memory of a training bounded, however many frames there are: each frame is read once, and only a window of it is kept, as large as its share of the
/// memory allows; all frames of a scene keep the same window. Where windows would become too small, frames are left out at equal distances.
/// </summary>
public sealed class FrameWindows
{
    /// <summary>Samples that are kept in all unless told: 128 million, or 512 MiB.</summary>
    public const long DefaultSamples = 128L << 20;

    private const int LeastSide = 96;

    private readonly int _side;
    private readonly SeedSequence _seeds;

    /// <summary>Plans for frames that are all about as large as the first.</summary>
    /// <param name="frames">How many there are, references included.</param>
    /// <param name="first">One of them.</param>
    /// <param name="mostSamples">Number of samples (pixels times channels) to keep in all.</param>
    /// <param name="seed">Places of the windows.</param>
    public FrameWindows(int frames, ImageBuffer first, long mostSamples = DefaultSamples, ulong seed = 1)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentOutOfRangeException.ThrowIfLessThan(frames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(mostSamples, LeastSide * LeastSide * 3);
        _seeds = new SeedSequence(seed);
        var share = mostSamples / (double)frames / first.Channels;
        var whole = first.Planes.LongLength / first.Channels <= share;
        var least = (double)Math.Min(LeastSide, first.Height) * Math.Min(LeastSide, first.Width);
        Every = whole ? 1 : Math.Max(1, (int)Math.Ceiling(least / share));
        // An even side at an even place keeps the 2×2 cells of a sensor together.
        _side = whole ? int.MaxValue : Math.Max(LeastSide, (int)Math.Sqrt(share * Every) / 2 * 2);
    }

    /// <summary>One frame in this many is to be read; 1: all.</summary>
    public int Every { get; }

    /// <summary>True when frames are kept as they are.</summary>
    public bool Whole => _side == int.MaxValue;

    /// <summary>One sentence about what is left out; null when nothing is.</summary>
    public string? Note => Whole ? null
        : $"To bound the memory, a window of up to {_side} × {_side} pixels of {(Every == 1 ? "each frame" : $"one frame in {Every}")} is learned from.";

    /// <summary>What is kept of a frame: the frame itself, or a copy of its scene's window.</summary>
    /// <param name="frame">Any size.</param>
    /// <param name="scene">Frames of one scene keep the same window.</param>
    public ImageBuffer Keep(ImageBuffer frame, int scene)
    {
        ArgumentNullException.ThrowIfNull(frame);
        var (height, width) = (Math.Min(_side, frame.Height), Math.Min(_side, frame.Width));
        if ((height, width) == (frame.Height, frame.Width))
        {
            return frame;
        }

        var random = _seeds.ManagedFor("frame-window", scene);
        var (top, left) = (random.Next(((frame.Height - height) / 2) + 1) * 2, random.Next(((frame.Width - width) / 2) + 1) * 2);
        var planes = new float[frame.Channels * height * width];
        for (var row = 0; row < frame.Channels * height; row++)
        {
            frame.Plane(row / height).Slice(((top + (row % height)) * frame.Width) + left, width).CopyTo(planes.AsSpan(row * width));
        }

        return new ImageBuffer(frame.Channels, height, width, planes);
    }
}
