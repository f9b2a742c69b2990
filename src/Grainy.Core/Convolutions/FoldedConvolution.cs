using static TorchSharp.torch;

namespace Grainy.Core.Convolutions;

/// <summary>A convolution with a stride as one without, on blocks (see <see cref="StrideFolding"/>).</summary>
/// <param name="folded">Of <see cref="StrideFolding.Kernels"/>; borrowed.</param>
/// <param name="bias"><c>[O]</c>; borrowed.</param>
internal sealed class FoldedConvolution(Tensor folded, Tensor bias, int kernel, int stride, int padding) : VectorConvolution
{
    private readonly WinogradConvolution _inner = new(folded, bias, 0);

    public override int Outputs => _inner.Outputs;

    public override (int Height, int Width) SizeFor(FeatureMap images) => (Side(images.Height), Side(images.Width));

    public override void Run(FeatureMap images, FeatureMap target, int channel, float slope, int from = 0)
    {
        if (from != 0)
        {
            throw new ArgumentException("All channels are folded together.", nameof(from));
        }

        using var blocks = StrideFolding.Images(images, kernel, stride, padding);
        _inner.Run(blocks, target, channel, slope);
    }

    private int Side(int length) => ((length + (2 * padding) - kernel) / stride) + 1;
}
