using Grainy.Core.Metrics;

namespace Grainy.Core.Attacks;

/// <summary>What a metric was asked for.</summary>
public enum AttackRole
{
    /// <summary>It was attacked.</summary>
    Attacked,

    /// <summary>It had to hold still while others were pushed apart.</summary>
    Held,

    /// <summary>The search knew nothing of it.</summary>
    Witness,
}

/// <summary>How a metric fares.</summary>
public enum AttackOutcome
{
    /// <summary>It says what a person would say.</summary>
    Holds,

    /// <summary>The estimate lies on one side, its 95 % interval reaches to the other.</summary>
    Undecided,

    /// <summary>It is fooled.</summary>
    Fooled,
}

/// <summary>What one metric says of the rounded picture, measured with seeds that the search never saw.</summary>
/// <param name="Metric">Its name.</param>
/// <param name="Role">What it was asked for.</param>
/// <param name="Picture">Of the picture and the reference, in the metric's own unit.</param>
/// <param name="Anchor">Of the anchor and the reference.</param>
/// <param name="Ratio">
/// Distance of the picture over distance of the anchor; for PSNR the ratio of the mean squared errors, for similarities s that of 1 − s.
/// </param>
/// <param name="RatioError">Its standard error, from the difference under the same transforms where it is known; null for deterministic metrics.</param>
/// <param name="Exact">The same ratio for the picture before its rounding to 8 bits; only of attacked and held deterministic metrics.</param>
/// <param name="Outcome">What follows.</param>
public sealed record AttackVerdict(
    string Metric, AttackRole Role, MetricResult Picture, MetricResult Anchor, double Ratio, double? RatioError, double? Exact, AttackOutcome Outcome);
