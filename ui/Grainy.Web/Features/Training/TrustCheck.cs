using Grainy.Contracts.Training;
using Grainy.Web.Shared;

namespace Grainy.Web.Features.Training;

/// <summary>One question about a denoised image, with its answer and the number behind it.</summary>
/// <param name="Style"><c>good</c>, <c>warn</c>, or empty where there is nothing to judge.</param>
public sealed record TrustCheck(string Name, string Reading, string Style)
{
    private static readonly string[] OfResidual = ["mean-shift", "contrast-changed", "detail-lost", "residual-structured", "noise-left", "too-strong"];

    /// <summary>All questions that the report answers.</summary>
    public static IReadOnlyList<TrustCheck> Of(TrustReport trust)
    {
        ArgumentNullException.ThrowIfNull(trust);
        var checks = new List<TrustCheck>
        {
            new(
                Has(trust, "residual-structured") ? "What was taken out holds structure" : "Only noise was taken out",
                trust.Lag is { } lag ? $"correlation of neighbours {Words.Number(lag.Correlation, "0.000")}, white noise has 0" : "nothing was taken out",
                StyleOf(trust, "residual-structured")),
            new(
                Has(trust, "detail-lost") ? "Fine detail was lost" : "Fine detail is kept",
                $"correlation with detail {Words.Number(trust.DetailCorrelation, "0.000")} ± {Words.Number(trust.CorrelationError, "0.000")}", StyleOf(trust, "detail-lost")),
            new(
                Has(trust, "contrast-changed") ? "Contrast was changed" : "Contrast is kept",
                $"correlation with the image {Words.Number(trust.SignalCorrelation, "0.000")}", StyleOf(trust, "contrast-changed")),
            new(
                Has(trust, "mean-shift") ? "Brightness was changed" : "Brightness is kept",
                $"mean shift {Words.Number(trust.MeanShift * 255, "0.000")} ± {Words.Number(trust.MeanShiftError * 255, "0.000")} of 255", StyleOf(trust, "mean-shift")),
            Strength(trust),
        };
        if (trust.Second is { } second)
        {
            checks.Add(new(
                "PSNR by another exposure",
                $"{Decibels(second.NoisyPsnr)} → {Decibels(second.Psnr)} dB (95 %: {Decibels(second.Low)} to {Decibels(second.High)})",
                second.Psnr > second.NoisyPsnr ? "good" : "warn"));
        }

        var foreign = trust.Remarks.Any(remark => !OfResidual.Contains(remark.Code));
        checks.Add(new(foreign ? "The noise is not what the model assumes" : "The noise is what the model assumes", foreign ? "see below" : "strength, brightness and neighbours", foreign ? "warn" : "good"));
        return checks;
    }

    private static TrustCheck Strength(TrustReport trust)
    {
        var taken = $"σ {Words.Number(trust.Sigma * 255, "0.00")}";
        return trust.ExpectedSigma is not { } expected ? new("What was taken out", $"{taken} of 255", "")
            : new(
                Has(trust, "noise-left") ? "Noise was left in" : Has(trust, "too-strong") ? "More than noise was taken out" : "As much as there is noise",
                $"{taken} of {Words.Number(expected * 255, "0.00")} expected (of 255)", Has(trust, "noise-left") || Has(trust, "too-strong") ? "warn" : "good");
    }

    private static bool Has(TrustReport trust, string code) => trust.Remarks.Any(remark => remark.Code == code);

    private static string StyleOf(TrustReport trust, string code) => Has(trust, code) ? "warn" : "good";

    private static string Decibels(double value) => double.IsFinite(value) ? Words.Number(value, "0.00") : "∞";
}
