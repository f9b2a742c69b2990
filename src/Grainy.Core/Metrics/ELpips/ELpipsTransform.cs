using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.ELpips;

/// <summary>One transform of the E-LPIPS ensemble; both images of a comparison go through the same one. The properties are in the order in which they act.</summary>
internal sealed record ELpipsTransform
{
    /// <summary>Largest shift; the shifted image grows by this much in both directions, nothing is cropped.</summary>
    public const int LargestShift = 7;

    /// <summary>Nothing at all.</summary>
    public static ELpipsTransform Identity { get; } = new();

    /// <summary>Side of the blocks that are averaged, at least 1.</summary>
    public int Scale { get; init; } = 1;

    /// <summary>Where the first block begins, each 0 … <see cref="Scale"/> − 1 pixels before the image.</summary>
    public (int Y, int X) Phase { get; init; }

    /// <summary>Each 0 … <see cref="LargestShift"/>; null pads nothing.</summary>
    public (int Y, int X)? Shift { get; init; }

    /// <summary>Turns the order of the rows around.</summary>
    public bool FlipRows { get; init; }

    /// <summary>Turns the order of the columns around.</summary>
    public bool FlipColumns { get; init; }

    /// <summary>Swaps rows and columns.</summary>
    public bool Transpose { get; init; }

    /// <summary>New channel c is the old channel of this number.</summary>
    public (int R, int G, int B) Permutation { get; init; } = (0, 1, 2);

    /// <summary>What the permuted channels are multiplied with.</summary>
    public (float R, float G, float B) Factors { get; init; } = (1, 1, 1);

    /// <summary>The transformed images; differentiable.</summary>
    /// <param name="images"><c>[N, 3, H, W]</c> in [0, 1]; borrowed.</param>
    /// <returns>The caller owns it.</returns>
    public Tensor Apply(Tensor images)
    {
        images.Require("N 3 H W");
        using var scope = NewDisposeScope();
        var x = Shifted(Downscaled(images));
        if (FlipRows || FlipColumns)
        {
            x = x.flip([.. FlippedAxes()]);
        }

        if (Transpose)
        {
            x = x.transpose(2, 3);
        }

        if (Permutation != (0, 1, 2))
        {
            x = x.index_select(1, tensor(new long[] { Permutation.R, Permutation.G, Permutation.B }, device: x.device));
        }

        if (Factors != (1, 1, 1))
        {
            x *= tensor([Factors.R, Factors.G, Factors.B], [1, 3, 1, 1], device: x.device);
        }

        return (ReferenceEquals(x, images) ? x.alias() : x).MoveToOuterDisposeScope();
    }

    /// <summary>Brings values at the places of the transformed picture back to the pixels that they come from; margins are cut off, channels stay as they are.</summary>
    /// <param name="transformed"><c>[N, C, h, w]</c> of the transformed size; borrowed.</param>
    /// <param name="height">Of the picture.</param>
    /// <param name="width">Of the picture.</param>
    /// <returns><c>[N, C, height, width]</c>; the caller owns it.</returns>
    public Tensor Undo(Tensor transformed, int height, int width)
    {
        var (h, w) = (ResultingSide(height), ResultingSide(width));
        transformed.Require(Transpose ? $"N C {w} {h}" : $"N C {h} {w}");
        using var scope = NewDisposeScope();
        var x = Transpose ? transformed.transpose(2, 3) : transformed;
        var rows = Places(height, FlipRows, Shift?.Y, Phase.Y);
        var columns = Places(width, FlipColumns, Shift?.X, Phase.X);
        return x.index_select(2, tensor(rows, device: x.device)).index_select(3, tensor(columns, device: x.device)).MoveToOuterDisposeScope();
    }

    /// <summary>Size of a side after scaling and shifting.</summary>
    public int ResultingSide(int side) => ScaledSide(side, Scale) + (Shift is null ? 0 : LargestShift);

    /// <summary>Size of a side after averaging blocks of <paramref name="scale"/>.</summary>
    public static int ScaledSide(int side, int scale) => (side + (2 * (scale - 1))) / scale;

    // For each pixel of the picture its place in the transformed one, along one axis.
    private long[] Places(int side, bool flip, int? shift, int phase)
    {
        var (before, result) = (shift is { } y ? LargestShift - y : 0, ResultingSide(side));
        return [.. Enumerable.Range(0, side).Select(pixel => ((pixel + phase) / Scale) + before).Select(place => (long)(flip ? result - 1 - place : place))];
    }

    private IEnumerable<long> FlippedAxes()
    {
        if (FlipRows)
        {
            yield return 2;
        }

        if (FlipColumns)
        {
            yield return 3;
        }
    }

    private Tensor Downscaled(Tensor images)
    {
        if (Scale == 1)
        {
            return images;
        }

        var (height, width) = ((int)images.shape[2], (int)images.shape[3]);
        var bottom = (ScaledSide(height, Scale) * Scale) - height - Phase.Y;
        var right = (ScaledSide(width, Scale) * Scale) - width - Phase.X;
        var padded = nn.functional.pad(images, [Phase.X, right, Phase.Y, bottom], PaddingModes.Reflect);
        return nn.functional.avg_pool2d(padded, [Scale, Scale], [Scale, Scale]);
    }

    private Tensor Shifted(Tensor images) => Shift is not { } shift
        ? images
        : nn.functional.pad(images, [LargestShift - shift.X, shift.X, LargestShift - shift.Y, shift.Y], PaddingModes.Reflect);
}
