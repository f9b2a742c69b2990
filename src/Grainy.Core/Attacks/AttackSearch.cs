using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>
/// The search for a picture: min ‖x − t‖² subject to D(x, r) ≤ D(anchor, r) for each metric, or max Σ ln D(x, r) within a budget; augmented Lagrangian and Adam.
/// Distances are those of the picture rounded to 8 bits.
/// </summary>
internal sealed class AttackSearch : IDisposable
{
    // Gradients of single pixels are as small as 10⁻⁷; the usual ε of 10⁻⁸ would slow some of them down.
    private const double Epsilon = 1e-14;
    private const int WarmUp = 10;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(200);

    private readonly AttackProblem _problem;
    private readonly AttackObjective _objective;
    private readonly AttackConstraint?[] _constraints;
    private readonly Tensor _picture;
    private readonly AdamOptimizer _optimizer;
    private readonly BestPicture _best = new();

    /// <param name="problem">With measured anchor distances; borrowed.</param>
    public AttackSearch(AttackProblem problem)
    {
        _problem = problem;
        _objective = AttackObjective.Of(problem);
        _constraints = [.. problem.Metrics.Select(metric => _objective.Drives(metric) ? null : new AttackConstraint(metric.Limit))];
        _picture = _objective.Start();
        _picture.requires_grad_();
        _optimizer = new AdamOptimizer([_picture], Epsilon);
    }

    /// <summary>Steps so far.</summary>
    public int StepsDone { get; private set; }

    /// <summary>PSNR to what the picture should resemble, at the last step.</summary>
    public double Psnr { get; private set; } = double.NaN;

    /// <summary>Distances over those of the anchor, at the last step.</summary>
    public IReadOnlyDictionary<string, double> Ratios => _problem.Metrics.ToDictionary(metric => metric.Name, metric => metric.Recent.Mean / metric.AnchorDistance);

    /// <summary>True when the picture fulfils all constraints.</summary>
    public bool IsFeasible => _best.IsFeasible;

    /// <summary>True when a distance is known only as a mean over draws, so that pictures must be compared by <see cref="Assess"/>.</summary>
    public bool IsRandom => _problem.Metrics.Any(metric => metric.IsRandom);

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

    /// <summary>Compares the picture as it is with the best one, over all draws; one slice per step of the iterator.</summary>
    public IEnumerable<bool> Assess()
    {
        using var rounded = Rounded();
        var means = new double[_problem.Metrics.Count];
        for (var i = 0; i < means.Length; i++)
        {
            foreach (var (draw, weight) in _problem.Metrics[i].Draws)
            {
                means[i] += weight * _problem.Metrics[i].Measure(rounded, draw);
                yield return true;
            }
        }

        Consider(rounded, means);
    }

    /// <summary>The best picture, before its rounding.</summary>
    public ImageBuffer Picture() => (_best.Picture ?? _picture).ToImage();

    /// <summary>Frees the pictures.</summary>
    public void Dispose()
    {
        _optimizer.Dispose();
        _picture.Dispose();
        _objective.Dispose();
        _best.Dispose();
    }

    private void Step()
    {
        using var scope = NewDisposeScope();
        var means = new double[_problem.Metrics.Count];
        for (var i = 0; i < means.Length; i++)
        {
            means[i] = Descend(_problem.Metrics[i], _constraints[i]);
        }

        using (var rounded = EightBit.StraightThrough(_picture))
        {
            Psnr = _objective.Psnr(rounded);
            if (!IsRandom)
            {
                Consider(rounded, means);
            }

            _objective.Descend(rounded);
        }

        var progress = (double)StepsDone / _problem.Settings.Steps;
        _optimizer.Step(_objective.LearningRate * Math.Min(1, (StepsDone + 1.0) / WarmUp) * (0.02 + (0.49 * (1 + Math.Cos(Math.PI * progress)))));
        StepsDone++;
        _objective.Project(_picture);
    }

    // Each metric has its own graph, so that no more than one network's activations are held at a time.
    private double Descend(AttackedMetric metric, AttackConstraint? constraint)
    {
        using var scope = NewDisposeScope();
        using var rounded = EightBit.StraightThrough(_picture);
        var distance = metric.Term.Distance(rounded, metric.DrawOf(StepsDone));
        var mean = metric.Recent.Add(distance.item<double>());
        var factor = constraint?.Observe(mean) ?? _objective.Slope(mean);
        if (factor != 0)
        {
            distance.Times(factor).backward();
        }

        return mean;
    }

    private void Consider(Tensor rounded, double[] means)
    {
        var score = _objective.Score(rounded, means, out var violation);
        for (var i = 0; i < means.Length; i++)
        {
            if (_constraints[i] is not null)
            {
                // The margin below the anchor covers what differs between the search's sums and the metric's.
                violation = Math.Max(violation, Math.Log(means[i] / _problem.Metrics[i].AnchorDistance) + (_problem.Metrics[i].IsRandom ? 0.02 : 1e-4));
            }
        }

        _best.Offer(_picture, score, violation);
    }

    private Tensor Rounded()
    {
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        return EightBit.StraightThrough(_picture).DetachFromDisposeScope();
    }
}
