using Grainy.Core.Noise;
using Grainy.Core.Tensors;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>−mean ln D over the attacked metrics, within a ball around the reference in L2 (PSNR) and in L∞. The search starts from faint noise, if nothing else is said.</summary>
internal sealed class PushObjective : AttackObjective
{
    private readonly AttackProblem _problem;
    private readonly Tensor _reference;
    private readonly Tensor _start;
    private readonly double _most;
    private readonly int _driven;

    public PushObjective(AttackProblem problem)
    {
        var settings = problem.Settings;
        _problem = problem;
        _reference = Constant(problem.Reference);
        _most = Math.Pow(10, -settings.LeastPsnr / 10);
        // At the reference itself every distance has slope 0.
        _start = Constant(problem.Start ?? GaussianNoise.Corrupt(problem.Reference, 0.5 * Math.Sqrt(_most), new SeedSequence(settings.Seed).Derive("attack start")));
        _driven = settings.Metrics.Count;
    }

    public override double LearningRate => _problem.Settings.LargestChange / 8;

    public override bool Drives(AttackedMetric metric) => metric.Role == AttackRole.Attacked;

    public override Tensor Start()
    {
        using var scope = NewDisposeScope();
        var picture = _start.to(float32);
        Project(picture);
        return picture.DetachFromDisposeScope();
    }

    public override double Slope(double mean) => -1 / (_driven * Math.Max(mean, 1e-12));

    public override void Descend(Tensor rounded)
    {
    }

    public override double Psnr(Tensor rounded) => -10 * Math.Log10(Error(rounded, _reference));

    public override double Score(Tensor rounded, double[] means, out double violation)
    {
        violation = Math.Log(Error(rounded, _reference) / _most);
        var score = 0.0;
        for (var i = 0; i < means.Length; i++)
        {
            score -= Drives(_problem.Metrics[i]) ? Math.Log(means[i] / _problem.Metrics[i].AnchorDistance) : 0;
        }

        return score;
    }

    public override void Project(Tensor picture)
    {
        using Scalar least = -_problem.Settings.LargestChange, most = _problem.Settings.LargestChange;
        using var scope = NewDisposeScope();
        using var inference = no_grad();
        var change = (picture.to(float64) - _reference).clamp_(least, most);
        // Rounding adds its own error to what the picture may differ by, now and then a little more than its mean.
        var allowed = (0.99 * _most) - EightBit.SquaredError;
        var error = change.Squared().mean().item<double>();
        var shrunk = error > allowed ? change.Times(Math.Sqrt(allowed / error)) : change;
        using var moved = _reference.Plus(shrunk).clamp_(Lowest, Highest).to(float32);
        picture.copy_(moved);
    }

    public override void Dispose()
    {
        _reference.Dispose();
        _start.Dispose();
    }
}
