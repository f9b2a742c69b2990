using Grainy.Core.Metrics;

namespace Grainy.Core.Attacks;

/// <summary>Rough costs in passes of one picture through SqueezeNet, for the estimate of the time that is left.</summary>
internal static class AttackCost
{
    /// <summary>One comparison with the reference.</summary>
    public static double Forward(string metric) => metric switch
    {
        "psnr" => 0.05,
        "ssim" or "ms-ssim" => 0.5,
        _ => (metric.EndsWith("-vgg", StringComparison.Ordinal) ? 15 : metric.EndsWith("builtin", StringComparison.Ordinal) ? 0.6 : 1) * 2,
    };

    /// <summary>All draws of a metric once.</summary>
    public static double Comparison(AttackedMetric metric) => Forward(metric.Name) * metric.Draws.Count;

    /// <summary>One step: forward and backward, and the reference's forward pass where it is transformed as well.</summary>
    public static double Step(AttackProblem problem) => problem.Metrics.Sum(metric => Forward(metric.Name) * (metric.IsRandom ? 2 : 1.5));

    /// <summary>The whole verdict.</summary>
    public static double Verdict(AttackSettings settings, MetricCatalog catalog) => AttackJudge.Asked(settings, catalog)
        .Where(asked => catalog.IsAvailable(asked.Name, out _))
        .Sum(asked => 2 * Forward(asked.Name) * (asked.Name.StartsWith("elpips", StringComparison.Ordinal) ? settings.VerdictSamples : 1));
}
