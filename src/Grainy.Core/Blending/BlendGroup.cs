using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Blending;

/// <summary>Frames that are optimised together: every step compares all of them with the same two transformed images.</summary>
/// <remarks>
/// Starts from the pixel mix and takes small steps: measured on the cat and the dog, steps of 0.004 reach within 150 steps what the published schedule (0.03, from
/// noise) has not reached after 1,000, and without its coloured speckle. One transform per step, no dropout: it would only add noise to the gradient.
/// </remarks>
internal sealed class BlendGroup : IDisposable
{
    private const double LearningRate = 0.004;
    private const int WarmUp = 10;

    private static readonly Scalar Lowest = 1e-5;
    private static readonly Scalar Highest = 1 - 1e-5;

    // Squared distances are about 10⁻³ and pixels many: the gradient of one pixel is about 10⁻⁶, and the usual ε of 10⁻⁸ would already slow it down.
    private const double Epsilon = 1e-12;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);

    private readonly FeatureDistance _distance;
    private readonly Tensor _ends;
    private readonly Tensor _pictures;
    private readonly Tensor _shares; // [2, N]
    private readonly AdamOptimizer _optimizer;
    private readonly double[] _probabilities;
    private readonly SeedSequence _seed;
    private readonly int _steps;

    /// <param name="distance">Borrowed.</param>
    /// <param name="ends"><c>[2, 3, H, W]</c>; borrowed.</param>
    /// <param name="weights">Share of the second image for each frame.</param>
    public BlendGroup(FeatureDistance distance, Tensor ends, double[] weights, int steps, ulong seed)
    {
        (_distance, _ends, _steps, _seed) = (distance, ends, steps, new SeedSequence(seed));
        Weights = weights;
        _probabilities = ELpipsSampler.Probabilities(ELpipsSampler.Scales((int)ends.shape[2], (int)ends.shape[3]));
        using var scope = NewDisposeScope();
        var second = tensor(weights.Select(weight => (float)weight).ToArray());
        _shares = stack([second.OneMinus(), second], 0).DetachFromDisposeScope();
        var share = second.view(-1, 1, 1, 1);
        _pictures = (ends.narrow(0, 0, 1) * share.OneMinus()).Plus(ends.narrow(0, 1, 1) * share).clamp(Lowest, Highest).DetachFromDisposeScope();
        _pictures.requires_grad_();
        _optimizer = new AdamOptimizer([_pictures], Epsilon);
    }

    /// <summary>Share of the second image for each frame.</summary>
    public double[] Weights { get; }

    /// <summary>Steps so far.</summary>
    public int StepsDone { get; private set; }

    /// <summary>Takes steps for one slice of time, but not beyond <paramref name="until"/>.</summary>
    public void Advance(int until, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        do
        {
            ct.ThrowIfCancellationRequested();
            Step();
        }
        while (StepsDone < until && Stopwatch.GetElapsedTime(start) < Slice);
    }

    /// <summary>Measures the frames as they are; see <see cref="BlendEnergy.Measure"/>.</summary>
    public IEnumerable<bool> Measure(BlendEnergy energy, double[] energies) => energy.Measure(_ends, _pictures, Weights, energies);

    /// <summary>One frame as it is.</summary>
    public ImageBuffer Picture(int index)
    {
        using var scope = NewDisposeScope();
        return _pictures.narrow(0, index, 1).ToImage();
    }

    /// <summary>Frees the frames.</summary>
    public void Dispose()
    {
        _optimizer.Dispose();
        _pictures.Dispose();
        _shares.Dispose();
    }

    private void Step()
    {
        using var scope = NewDisposeScope();
        // Seeded by the number of the step alone, so that a frame does not depend on which others are computed.
        var random = new RandomStream(_seed.Derive("blend", StepsDone));
        var transform = ELpipsSampler.Draw(ELpipsSampler.Scale(_probabilities, random), random);
        Tensor[] references;
        using (no_grad())
        {
            references = _distance.UnitFeatures(transform.Apply(_ends));
        }

        try
        {
            var distances = _distance.Against(transform.Apply(_pictures), references); // [2, N]
            (distances.Squared() * _shares).sum().backward();
        }
        finally
        {
            foreach (var reference in references)
            {
                reference.Dispose();
            }
        }

        _optimizer.Step(LearningRate * Math.Min(1, (StepsDone + 1.0) / WarmUp) * Math.Sqrt(1 - ((double)StepsDone / _steps)));
        StepsDone++;
        using (no_grad())
        {
            _pictures.clamp_(Lowest, Highest);
        }
    }
}
