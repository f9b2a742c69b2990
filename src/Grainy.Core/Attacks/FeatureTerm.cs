using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>A deterministic distance of deep features; the reference's are computed once.</summary>
internal sealed class FeatureTerm : AttackTerm
{
    private readonly FeatureDistance _distance;
    private readonly Tensor[] _reference;

    /// <summary>Takes ownership of <paramref name="distance"/>.</summary>
    public FeatureTerm(string metric, FeatureDistance distance, ImageBuffer reference)
        : base(metric)
    {
        _distance = distance;
        using var image = reference.ToTensor();
        _reference = distance.UnitFeatures(image);
    }

    public override Tensor Distance(Tensor picture, AttackDraw draw)
    {
        using var scope = NewDisposeScope();
        return _distance.Against(picture, _reference).sum().to(float64).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        foreach (var features in _reference)
        {
            features.Dispose();
        }

        _distance.Dispose();
    }
}
