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
        using var scope = NewDisposeScope();
        var (x, reference) = (transform.Apply(picture), transform.Apply(_reference));
        return _distance.Between(x, reference, new BernoulliDropout(random)).sum().to(float64).MoveToOuterDisposeScope();
    }

    public override void Dispose()
    {
        _reference.Dispose();
        _distance.Dispose();
    }
}
