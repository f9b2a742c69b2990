using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>A deterministic distance of deep features; the reference's are computed once.</summary>
internal sealed class FeatureTerm : AttackTerm
{
    private readonly FeatureDistance _distance;
    private readonly ReferenceFeatures _reference;

    /// <summary>Takes ownership of <paramref name="distance"/>.</summary>
    public FeatureTerm(string metric, FeatureDistance distance, ImageBuffer reference)
        : base(metric)
    {
        _distance = distance;
        using var image = reference.ToTensor();
        _reference = distance.Features(image);
    }

    public override Tensor Distance(Tensor picture, AttackDraw draw)
    {
        using var scope = NewDisposeScope();
        return _distance.Against(picture, _reference).sum().to(float64).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _reference.Dispose();
        _distance.Dispose();
    }
}
