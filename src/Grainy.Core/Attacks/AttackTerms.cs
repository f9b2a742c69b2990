using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.MsSsim;
using Grainy.Core.Weights;

namespace Grainy.Core.Attacks;

/// <summary>Finds the differentiable distance of a metric.</summary>
internal static class AttackTerms
{
    /// <summary>The term; the caller disposes it.</summary>
    /// <param name="metric">A name that <see cref="Require"/> accepts.</param>
    /// <param name="catalog">Where weights come from.</param>
    /// <param name="reference">RGB in [0, 1].</param>
    public static AttackTerm Create(string metric, MetricCatalog catalog, ImageBuffer reference) => metric switch
    {
        "psnr" => new SquaredErrorTerm(metric, reference),
        "ssim" => new SsimTerm(metric, reference, [1]),
        "ms-ssim" => new SsimTerm(metric, reference, MsSsimMetric.Weights),
        _ when IsEnsemble(metric) => new ELpipsTerm(metric, catalog.LoadDistance(metric), reference),
        _ => new FeatureTerm(metric, catalog.LoadDistance(metric), reference),
    };

    /// <summary>Passes when there is a metric of that name that can be attacked with the weights at hand.</summary>
    /// <exception cref="MetricInputException">There is none, or it has no gradient.</exception>
    /// <exception cref="WeightFormatException">Its weights are not installed.</exception>
    public static void Require(string metric, MetricCatalog catalog)
    {
        if (!catalog.Names.Contains(metric))
        {
            throw new MetricInputException($"There is no metric '{metric}' to attack; choose of {string.Join(", ", catalog.Names.Where(HasGradient))}.");
        }

        if (!HasGradient(metric))
        {
            throw new MetricInputException(
                $"{metric} has no gradient here and cannot be attacked, only asked as a witness; choose of {string.Join(", ", catalog.Names.Where(HasGradient))}.");
        }

        if (!catalog.IsAvailable(metric, out var why))
        {
            throw new WeightFormatException(why!);
        }
    }

    /// <summary>True for metrics that <see cref="Create"/> knows.</summary>
    public static bool HasGradient(string metric) => metric is "psnr" or "ssim" or "ms-ssim" or "builtin" || metric.StartsWith("lpips-", StringComparison.Ordinal)
        || metric.StartsWith("elpips-", StringComparison.Ordinal);

    // The plain modes of the E-LPIPS repository carry its name but draw nothing.
    private static bool IsEnsemble(string metric) =>
        metric.StartsWith("elpips-", StringComparison.Ordinal) && !metric.StartsWith("elpips-lpips-", StringComparison.Ordinal);
}
