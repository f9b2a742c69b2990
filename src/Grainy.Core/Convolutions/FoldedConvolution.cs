using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>A convolution with a stride as one without, on blocks (see <see cref="StrideFolding"/>).</summary>
/// <param name="folded">Of <see cref="StrideFolding.Kernels"/>; borrowed.</param>
/// <param name="bias"><c>[O]</c>; borrowed.</param>
internal sealed class FoldedConvolution(Tensor folded, Tensor bias, int kernel, int stride, int padding) : VectorConvolution
{
    // Rows of tiles whose blocks are laid out at once, and soon enough used to be still in the cache.
    private const int TileRows = 2;

    private readonly WinogradConvolution _inner = new(folded, bias, 0);

    public override int Outputs => _inner.Outputs;

    public override (int Height, int Width) SizeFor(FeatureMap images) => (Side(images.Height), Side(images.Width));

    public override void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from = 0)
    {
        if (from != 0)
        {
            throw new ArgumentException("All channels are folded together.", nameof(from));
        }

        var height = TileRows * _inner.TileSide;
        var bands = (target.Height + height - 1) / height;
        var more = ((kernel + stride - 1) / stride) - 1;
        Spread.For(images.Count * bands, part =>
        {
            var (image, band) = Math.DivRem(part, bands);
            var first = band * height;
            var rows = Math.Min(height, target.Height - first);
            using var blocks = StrideFolding.Blocks(images, kernel, stride, padding, image, first, rows + more);
            using var result = target.Rows(image, first, rows);
            _inner.Run(blocks, result, channel, slope, 0, threads: 1);
        });
    }

    private int Side(int length) => ((length + (2 * padding) - kernel) / stride) + 1;
}
