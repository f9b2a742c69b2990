using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.Neighbors;

/// <summary>
/// The random pairs of Neighbor2Neighbor (Huang et al. 2021): from every 2×2 cell two pixels that share an edge, in random order. Two images of half the side,
/// whose noise is independent and whose content almost the same.
/// </summary>
internal sealed class NeighborPairs : IDisposable
{
    // The cell's pixels are numbered 0 1 / 2 3; pairs along an edge, both ways round.
    private static readonly (byte First, byte Second)[] Edges = [(0, 1), (0, 2), (1, 3), (2, 3), (1, 0), (2, 0), (3, 1), (3, 2)];

    private readonly Tensor _first;
    private readonly Tensor _second;
    private readonly long _height;
    private readonly long _width;

    /// <summary>Draws one pair per cell; all channels use the same pixels.</summary>
    /// <param name="images">Number of images.</param>
    /// <param name="height">Of the full images, even.</param>
    /// <param name="width">Of the full images, even.</param>
    /// <param name="random">Seeded by purpose and step.</param>
    public NeighborPairs(long images, long height, long width, Random random)
    {
        if (height % 2 != 0 || width % 2 != 0)
        {
            throw new ArgumentException($"Cells of 2 × 2 pixels do not cover {height} × {width}.", nameof(height));
        }

        (_height, _width) = (height / 2, width / 2);
        var cells = new byte[images * _height * _width];
        random.NextBytes(cells);
        var (first, second) = (new long[cells.Length], new long[cells.Length]);
        for (var i = 0; i < cells.Length; i++)
        {
            (first[i], second[i]) = Edges[cells[i] & 7];
        }

        using var scope = NewDisposeScope();
        _first = tensor(first, [images, 1, _height, _width, 1]).DetachFromDisposeScope();
        _second = tensor(second, [images, 1, _height, _width, 1]).DetachFromDisposeScope();
    }

    /// <summary>The first pixel of each pair: <c>[N, C, H, W]</c> → <c>[N, C, H/2, W/2]</c>. Gradients flow through. The caller owns it.</summary>
    public Tensor First(Tensor x) => Take(x, _first);

    /// <summary>The second pixel of each pair.</summary>
    public Tensor Second(Tensor x) => Take(x, _second);

    public void Dispose()
    {
        _first.Dispose();
        _second.Dispose();
    }

    private Tensor Take(Tensor x, Tensor index)
    {
        var shape = x.Require($"{index.shape[0]} C {2 * _height} {2 * _width}");
        using var scope = NewDisposeScope();
        var cells = x.reshape(shape[0], shape[1], _height, 2, _width, 2).permute(0, 1, 2, 4, 3, 5).reshape(shape[0], shape[1], _height, _width, 4);
        var wide = index.to(x.device).expand(shape[0], shape[1], _height, _width, 1);
        return cells.gather(4, wide).squeeze(4).MoveToOuterDisposeScope();
    }
}
