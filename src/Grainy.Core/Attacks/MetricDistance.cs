using Grainy.Core.Metrics;

namespace Grainy.Core.Attacks;

/// <summary>Turns the values of all metrics into distances, so that they can be compared as ratios.</summary>
internal static class MetricDistance
{
    /// <summary>The mean squared error for PSNR, 1 − s for a similarity s, else the value itself.</summary>
    public static double Of(MetricResult result) => result.Metric switch
    {
        "psnr" => Math.Pow(10, -result.Value / 10),
        "ssim" or "ms-ssim" => 1 - result.Value,
        _ => result.Value,
    };
}
