using Grainy.Core.Images;
using Grainy.Core.Metrics;

namespace Grainy.Core.Attacks;

/// <summary>Makes the updates of an attack and knows which share of the work is done.</summary>
internal sealed class AttackProgress(AttackProblem problem, MetricCatalog catalog)
{
    private static readonly Dictionary<string, double> Unknown = [];

    private readonly double _limits = problem.Metrics.Sum(AttackCost.Comparison);
    private readonly double _search = problem.Settings.Steps * AttackCost.Step(problem);
    private readonly double _verdict = AttackCost.Verdict(problem.Settings, catalog);
    private double _measured;
    private double _judged;

    private double Whole => _limits + _search + _verdict;

    public AttackUpdate Preparing(AttackedMetric metric)
    {
        _measured += AttackCost.Forward(metric.Name);
        return new AttackUpdate
        {
            Phase = AttackPhase.Preparing,
            Fraction = Math.Min(_measured, _limits) / Whole,
            StepsDone = 0,
            Psnr = double.NaN,
            Ratios = Unknown,
        };
    }

    public AttackUpdate Searching(AttackSearch search, ImageBuffer? snapshot) => Update(search, snapshot ?? search.Picture()) with
    {
        Phase = AttackPhase.Searching,
        IsSnapshot = snapshot is not null,
    };

    public AttackUpdate Judging(double cost, AttackSearch search, ImageBuffer picture)
    {
        _judged += cost;
        return Update(search, picture);
    }

    public AttackUpdate Done(AttackSearch search, AttackReport report) => Update(search, report.Exact) with { Fraction = 1, Report = report };

    private AttackUpdate Update(AttackSearch search, ImageBuffer picture) => new()
    {
        Phase = AttackPhase.Judging,
        Fraction = (_limits + (_search * search.StepsDone / problem.Settings.Steps) + Math.Min(_judged, _verdict)) / Whole,
        StepsDone = search.StepsDone,
        Psnr = search.Psnr,
        Ratios = search.Ratios,
        Picture = picture,
    };
}
