using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>
/// The energy of frames as an average over transforms that are drawn once, so that two pictures are judged alike. A single random transform, as the optimisation
/// uses for each step, varies too much to judge by.
/// </summary>
internal sealed class BlendEnergy
{
    private readonly FeatureDistance _distance;
    private readonly (ELpipsTransform Transform, double Weight)[] _transforms;

    /// <param name="distance">Borrowed.</param>
    public BlendEnergy(FeatureDistance distance, int height, int width, ulong seed)
    {
        _distance = distance;
        var random = new RandomStream(new SeedSequence(seed).Derive("blend energy"));
        var probabilities = ELpipsSampler.Probabilities(ELpipsSampler.Scales(height, width));
        _transforms = [.. probabilities.SelectMany((probability, i) =>
        {
            var count = i == 0 ? 4 : 2;
            return Enumerable.Range(0, count).Select(_ => (ELpipsSampler.Draw(i + 1, random), probability / count)).ToArray();
        })];
    }

    /// <summary>Adds up the energies, one transform per step of the iterator.</summary>
    /// <param name="ends">The two images, <c>[2, 3, H, W]</c>; borrowed.</param>
    /// <param name="frames"><c>[N, 3, H, W]</c>; borrowed.</param>
    /// <param name="weights">Share of the second image for each frame.</param>
    /// <param name="energies">One sum per frame, complete at the end; begins at 0.</param>
    public IEnumerable<bool> Measure(Tensor ends, Tensor frames, double[] weights, double[] energies)
    {
        foreach (var (transform, share) in _transforms)
        {
            Add(transform, share, ends, frames, weights, energies);
            yield return true;
        }
    }

    private void Add(ELpipsTransform transform, double share, Tensor ends, Tensor frames, double[] weights, double[] energies)
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var references = _distance.UnitFeatures(transform.Apply(ends));
        try
        {
            var squares = _distance.Against(transform.Apply(frames), references).Squared().data<float>().ToArray(); // [2, N]
            for (var i = 0; i < energies.Length; i++)
            {
                energies[i] += share * (((1 - weights[i]) * squares[i]) + (weights[i] * squares[energies.Length + i]));
            }
        }
        finally
        {
            foreach (var reference in references)
            {
                reference.Dispose();
            }
        }
    }
}
