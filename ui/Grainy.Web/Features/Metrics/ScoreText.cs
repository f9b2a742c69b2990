using Grainy.Contracts.Metrics;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Metrics;

/// <summary>Values as people read them.</summary>
internal static class ScoreText
{
    /// <summary>A value with its doubt.</summary>
    public static string ValueOf(MetricScore score) => score.StandardError is { } error ? $"{Number(score.Metric, score.Value)} ± {Number(score.Metric, error)}" : Plain(score);

    /// <summary>A value alone.</summary>
    public static string Plain(MetricScore score) => score.Metric == "psnr"
        ? double.IsPositiveInfinity(score.Value) ? "∞ (identical)" : $"{Number(score.Metric, score.Value)} dB"
        : Number(score.Metric, score.Value);

    /// <summary>A number with as many digits as the metric deserves.</summary>
    public static string Number(string metric, double value) => metric switch
    {
        _ when double.IsPositiveInfinity(value) => "∞",
        "psnr" => Words.Number(value, "0.00"),
        "ssim" or "ms-ssim" => Words.Number(value, "0.0000"),
        _ => Words.Number(value, "0.00000"),
    };

    /// <summary>Which direction is closer, and what the number is made of.</summary>
    public static string ReadingOf(MetricScore score)
    {
        var direction = DirectionOf(score.Metric);
        return score.StandardError is null ? $"{direction} · exact" : $"{direction} · mean of {Words.Count(score.Samples, "random transform")}, ± one standard error";
    }

    /// <summary>Which direction is closer.</summary>
    public static string DirectionOf(string metric) => HigherIsCloser(metric) ? "higher is closer" : "lower is closer";

    /// <summary>True for measures of likeness, false for distances.</summary>
    public static bool HigherIsCloser(string metric) => metric is "psnr" or "ssim" or "ms-ssim";

    /// <summary>True for metrics that are means over places.</summary>
    public static bool HasMap(string metric) => metric != "ms-ssim";

    /// <summary>True for metrics whose value is a mean over random transforms.</summary>
    public static bool IsEstimate(string metric) =>
        metric.StartsWith("elpips", StringComparison.Ordinal) && !metric.StartsWith("elpips-lpips", StringComparison.Ordinal);

    /// <summary>True when more samples would narrow the ±.</summary>
    public static bool CanBeRefined(ComparisonCell cell) => cell is { State: CellState.Done, Score.StandardError: > 0 };

    /// <summary>Why a metric's values cannot be refined now; null when they can.</summary>
    public static string? WhyNotRefine(string metric, IEnumerable<ComparisonCell> cells, bool measuring) =>
        !IsEstimate(metric) ? "exact: there is nothing to refine"
        : measuring ? "values are being measured"
        : cells.Any(CanBeRefined) ? null
        : "there is no estimate yet, or it is exact";

    /// <summary>What stands where there is no value.</summary>
    public static string StateOf(ComparisonCell cell, bool measuring) => cell.State switch
    {
        CellState.Failed => "failed",
        CellState.Measuring => "measuring",
        _ => measuring ? "waiting" : "not measured",
    };
}
