using Grainy.Core.Noise;
using Grainy.Core.Trust;

namespace Grainy.Cli.Trust;

/// <summary>Judgements without truth, for programs.</summary>
internal static class TrustDocument
{
    public static object Of(ResidualReport report) => new
    {
        report.MeanShift,
        report.MeanShiftError,
        report.Sigma,
        report.ExpectedSigma,
        report.SignalCorrelation,
        report.DetailCorrelation,
        report.CorrelationError,
        isCorrelated = report.Autocorrelation?.IsCorrelated,
        lags = report.Autocorrelation?.Lags,
        report.Remarks,
    };

    public static object? Of(PairScore? score) => score is null ? null : new
    {
        score.Psnr,
        low = score.Interval.Low,
        high = score.Interval.High,
        score.NoisyPsnr,
        score.MeanSquaredError,
        score.StandardError,
    };

    public static object? Of(Reliability? reliability) => reliability is null ? null : new
    {
        reliability.Ratio,
        bins = reliability.Bins.Select(bin => new { bin.Predicted, bin.Actual, bin.ActualSquared, bin.StandardError, bin.Samples }),
    };

    public static object OfResult(string file, string from, ResidualReport residual, IReadOnlyList<NoiseWarning> domain) =>
        new { file, from, residual = Of(residual), domain };
}
