using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>Distances of deep features: E-LPIPS member by member, or plain LPIPS. Takes ownership of <paramref name="distance"/>.</summary>
internal sealed class FeatureBlendDistance(string metric, FeatureDistance distance) : BlendDistance(metric)
{
    // The plain modes of the E-LPIPS repository carry its name but draw nothing.
    public override bool IsEnsemble => Metric.StartsWith("elpips-", StringComparison.Ordinal) && !Metric.StartsWith("elpips-lpips-", StringComparison.Ordinal);

    public override int SmallestSide => IsEnsemble ? ELpipsMetric.SmallestSide : FeatureMetric.SmallestSide;

    public override BlendReferences Take(Tensor images, BlendDraw draw)
    {
        using var scope = NewDisposeScope();
        return new References(distance, draw, distance.Features(Applied(images, draw), Dropout(draw)));
    }

    public override void Dispose() => distance.Dispose();

    // Two streams of one seed drop the same activations, so references need no gradient.
    private static BernoulliDropout? Dropout(BlendDraw draw) => draw.Dropout is { } seed ? new BernoulliDropout(new RandomStream(seed)) : null;

    private static Tensor Applied(Tensor images, BlendDraw draw) => draw.Transform == ELpipsTransform.Identity ? images : draw.Transform.Apply(images);

    private sealed class References(FeatureDistance distance, BlendDraw draw, ReferenceFeatures features) : BlendReferences
    {
        public override long Bytes => features.Bytes;

        public override Tensor To(Tensor picture)
        {
            using var scope = NewDisposeScope();
            return distance.Against(Applied(picture, draw), features, Dropout(draw)).view(-1).MoveToOuterDisposeScope();
        }

        public override void Dispose() => features.Dispose();
    }
}
