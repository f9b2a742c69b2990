using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>One random member of the E-LPIPS ensemble, transform and dropout: its mean over the draws is E-LPIPS, and its gradient that of E-LPIPS.</summary>
internal sealed class ELpipsTerm : AttackTerm
{
    private readonly FeatureDistance _distance;
    private readonly Tensor _reference;
    private readonly double[] _probabilities;

    /// <summary>Takes ownership of <paramref name="distance"/>.</summary>
    public ELpipsTerm(string metric, FeatureDistance distance, ImageBuffer reference)
        : base(metric)
    {
        (_distance, _reference) = (distance, reference.ToTensor().DetachFromDisposeScope());
        _probabilities = ELpipsSampler.Probabilities(ELpipsSampler.Scales(reference.Height, reference.Width));
    }

    public override int Scales => _probabilities.Length;

    public override Tensor Distance(Tensor picture, AttackDraw draw)
    {
        var random = new RandomStream(draw.Seed);
        var transform = ELpipsSampler.Draw(draw.Scale ?? ELpipsSampler.Scale(_probabilities, random), random);
        // Two streams of one seed drop the same activations, so the reference needs no gradient.
        var dropout = random.NextBits();
        using var scope = NewDisposeScope();
        var references = _distance.Features(transform.Apply(_reference), new BernoulliDropout(new RandomStream(dropout)));
        var distance = _distance.Against(transform.Apply(picture), references, new BernoulliDropout(new RandomStream(dropout)), own: true);
        return distance.sum().to(float64).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _reference.Dispose();
        _distance.Dispose();
    }
}
