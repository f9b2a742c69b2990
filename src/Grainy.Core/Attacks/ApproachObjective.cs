using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Attacks;

/// <summary>‖x − t‖² / ‖r − t‖²: 0 at the target, 1 at the reference. All metrics are constraints. The search starts at the target, if nothing else is said.</summary>
internal sealed class ApproachObjective : AttackObjective
{
    private readonly Tensor _target;
    private readonly Tensor _start;
    private readonly double _whole;
    private readonly int _steps;

    public ApproachObjective(AttackProblem problem)
    {
        _steps = problem.Settings.Steps;
        _target = Constant(problem.Target!);
        _start = Constant(problem.Start ?? problem.Target!);
        using var reference = Constant(problem.Reference);
        _whole = Error(reference, _target);
    }

    // A short search must be able to cross the range, too; beyond 0.04 the picture shakes.
    public override double LearningRate => Math.Clamp(4.0 / _steps, 0.01, 0.04);

    public override bool Drives(AttackedMetric metric) => false;

    public override Tensor Start()
    {
        using var scope = NewDisposeScope();
        return _start.to(float32).clamp(Lowest, Highest).DetachFromDisposeScope();
    }

    public override double Slope(double mean) => 0;

    public override void Descend(Tensor rounded)
    {
        using var scope = NewDisposeScope();
        (rounded.to(float64) - _target).Squared().mean().Times(1 / _whole).backward();
    }

    public override double Psnr(Tensor rounded) => -10 * Math.Log10(Error(rounded, _target));

    public override double Score(Tensor rounded, double[] means, out double violation)
    {
        violation = double.NegativeInfinity;
        return Error(rounded, _target);
    }

    public override void Project(Tensor picture)
    {
        using var inference = no_grad();
        picture.clamp_(Lowest, Highest);
    }

    public override void Dispose()
    {
        _target.Dispose();
        _start.Dispose();
    }
}
