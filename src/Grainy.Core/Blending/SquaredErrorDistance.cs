using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>Root of the mean squared error; what is minimised is its square, so that barycentres are weighted means of pixels.</summary>
internal sealed class SquaredErrorDistance() : BlendDistance(BlendMetrics.SquaredError)
{
    // Below it the slope of the root is bounded: 10⁻⁸ on the scale of pixels.
    private static readonly TorchSharp.Scalar Tiny = 1e-16;

    public override int SmallestSide => 1;

    public override BlendReferences Take(Tensor images, BlendDraw draw)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return new References(images.clone().DetachFromDisposeScope());
    }

    public override void Dispose()
    {
    }

    private sealed class References(Tensor images) : BlendReferences
    {
        public override long Bytes { get; } = images.NumberOfElements * images.ElementSize;

        public override Tensor To(Tensor picture)
        {
            using var scope = NewDisposeScope();
            return (picture - images).Squared().mean([1, 2, 3]).clamp_min(Tiny).sqrt().MoveToOuterDisposeScope();
        }

        public override void Dispose() => images.Dispose();
    }
}
