using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>Mean squared error: the distance behind PSNR, so that a limit on it is a ball in L2.</summary>
internal sealed class SquaredErrorTerm : AttackTerm
{
    private readonly Tensor _reference;

    public SquaredErrorTerm(string metric, ImageBuffer reference)
        : base(metric)
    {
        using var scope = NewDisposeScope();
        _reference = reference.ToTensor().to(float64).DetachFromDisposeScope();
    }

    public override Tensor Distance(Tensor picture, AttackDraw draw)
    {
        picture.Require(string.Join(' ', _reference.shape));
        using var scope = NewDisposeScope();
        return (picture.to(float64) - _reference).Squared().mean().MoveToOuterDisposeScope();
    }

    public override void Dispose() => _reference.Dispose();
}
