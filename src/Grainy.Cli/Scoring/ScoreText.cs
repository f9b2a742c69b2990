using System.Globalization;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Scoring;

/// <summary>Numbers as people read them.</summary>
internal static class ScoreText
{
    /// <summary>For example <c>0.01776 ± 0.00029</c>, the 95 % interval, or <c>31.20410 dB</c>.</summary>
    public static string Value(MetricResult result) => string.Create(
        CultureInfo.InvariantCulture,
        $"{result.Value:F5}{(result.StandardError is { } error ? $" ± {1.96 * error:F5}" : "")}{(result.Metric == "psnr" ? " dB" : "")}");

    public static string Number(double? number) => number is { } value ? string.Create(CultureInfo.InvariantCulture, $"{value:F5}") : "-";
}
