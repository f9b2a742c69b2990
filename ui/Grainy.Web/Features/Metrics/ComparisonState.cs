using Grainy.Contracts;
using Grainy.Contracts.Metrics;
using Grainy.Web.Cluster;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Metrics;

/// <summary>Two images and what was measured between them.</summary>
public sealed class ComparisonState(UserGrains grains, ComparisonId id)
{
    public ComparisonId Id => id;

    /// <summary>Null while loading.</summary>
    public ComparisonSnapshot? Comparison { get; private set; }

    /// <summary>True while values are still coming.</summary>
    public bool Measuring => Comparison?.JobState?.IsActive() == true;

    public void Take(ComparisonSnapshot comparison) => Comparison = comparison;

    /// <summary>Measures, or measures again.</summary>
    public Task MeasureAsync() => grains.DoAsync(g => g.Comparison(id).ScoreAsync());

    /// <summary>A value with as many digits as its doubt allows.</summary>
    public static string ValueOf(MetricScore score) => score.Metric switch
    {
        "psnr" => double.IsPositiveInfinity(score.Value) ? "∞ (identical)" : $"{Words.Number(score.Value, "0.00")} dB",
        "ssim" => Words.Number(score.Value, "0.0000"),
        _ => score.StandardError is { } error ? $"{Words.Number(score.Value, "0.00000")} ± {Words.Number(error, "0.00000")}" : Words.Number(score.Value, "0.00000"),
    };

    /// <summary>Which direction is closer, and what the number is made of.</summary>
    public static string ReadingOf(MetricScore score) => score.Metric switch
    {
        "psnr" or "ssim" => "higher is closer",
        _ when score.StandardError is not null => $"lower is closer · mean of {Words.Count(score.Samples, "random transform")}, ± one standard error",
        _ => "lower is closer",
    };
}
