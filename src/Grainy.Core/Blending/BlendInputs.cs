using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>The images of a blend at its full size, at its working size, and at half, a quarter… of it.</summary>
internal sealed class BlendInputs : IDisposable
{
    // A coarse level is worth its while down to this longer side, and not below that shorter one.
    private const int SmallestCoarseLonger = 128;
    private const int SmallestCoarseShorter = 64;
    private const int MostLevels = 4;

    private readonly Tensor[] _levels; // [M, 3, h, w] each

    /// <param name="images">At least two of the same size, RGB in [0, 1].</param>
    /// <param name="workingSize">Longer side of level 0.</param>
    /// <param name="smallestSide">Of the metric.</param>
    public BlendInputs(IReadOnlyList<ImageBuffer> images, int workingSize, int smallestSide)
    {
        Full = images;
        var (width, height) = (images[0].Width, images[0].Height);
        var sizes = new List<(int Height, int Width)>();
        var longer = Math.Min(workingSize, Math.Max(width, height));
        for (var level = 0; level < MostLevels; level++)
        {
            var size = (Scaled(height, level), Scaled(width, level));
            var (shorter, larger) = (Math.Min(size.Item1, size.Item2), Math.Max(size.Item1, size.Item2));
            if (level > 0 && (shorter < Math.Max(smallestSide, SmallestCoarseShorter) || larger < SmallestCoarseLonger))
            {
                break;
            }

            sizes.Add(size);
        }

        Sizes = sizes;
        using var scope = NewDisposeScope();
        _levels = [.. sizes.Select(size => cat([.. images.Select(image => Resize.To(image, size.Width, size.Height).ToTensor())], 0).DetachFromDisposeScope())];

        int Scaled(int side, int level) => Math.Max(1, (int)Math.Round((double)side * longer / Math.Max(width, height) / (1 << level)));
    }

    /// <summary>At the blend's full size.</summary>
    public IReadOnlyList<ImageBuffer> Full { get; }

    /// <summary>Of the levels, the working size first.</summary>
    public IReadOnlyList<(int Height, int Width)> Sizes { get; }

    /// <summary>Longer side of a level in pixels.</summary>
    public int LongerSide(int level) => Math.Max(Sizes[level].Height, Sizes[level].Width);

    /// <summary>True when the full size is larger than the working size.</summary>
    public bool IsReduced => (Full[0].Height, Full[0].Width) != Sizes[0];

    /// <summary>All images at a level, <c>[M, 3, h, w]</c>; borrowed.</summary>
    public Tensor At(int level) => _levels[level];

    /// <summary>The weighted mean of pixels at a level, <c>[1, 3, h, w]</c>; the caller owns it.</summary>
    public Tensor Mix(int level, IReadOnlyList<double> weights)
    {
        using var scope = NewDisposeScope();
        var shares = tensor(weights.Select(weight => (float)weight).ToArray(), [weights.Count, 1, 1, 1]);
        return (_levels[level] * shares).sum([0], keepdim: true).MoveToOuterDisposeScope();
    }

    /// <summary>Frees the levels.</summary>
    public void Dispose()
    {
        foreach (var level in _levels)
        {
            level.Dispose();
        }
    }
}
