using System.Globalization;

namespace Grainy.Core.Attacks;

/// <summary>Says a verdict in plain sentences.</summary>
internal static class AttackSentences
{
    /// <summary>One about the pictures, then one per metric.</summary>
    public static IReadOnlyList<string> Of(AttackReport report)
    {
        var lead = report.PsnrToTarget is { } target
            ? Text($"The picture is {Decibels(target)} from the target and {Decibels(report.PsnrToReference)} from the reference; the anchor is {Decibels(report.AnchorPsnr)} from the reference.")
            : Text($"The picture is {Decibels(report.PsnrToReference)} from the reference, the anchor {Decibels(report.AnchorPsnr)}.");
        return [lead, .. report.Verdicts.Select(verdict => report.Settings.Goal == AttackGoal.Approach ? Approached(report, verdict) : PushedApart(verdict))];
    }

    private static string Approached(AttackReport report, AttackVerdict verdict)
    {
        var far = Far(verdict);
        return (verdict.Outcome, verdict.Role) switch
        {
            (AttackOutcome.Fooled, AttackRole.Witness) => $"{verdict.Metric} is fooled as well: {far}.",
            (AttackOutcome.Fooled, _) => $"{verdict.Metric} is fooled: {far}.",
            (AttackOutcome.Undecided, _) => $"{verdict.Metric} is at the edge: {far}, and 1 lies within the error.",
            (_, AttackRole.Witness) => $"{verdict.Metric} is not fooled: {far}.",
            _ when report.PsnrToTarget < report.PsnrToReference =>
                $"{verdict.Metric} is not fooled: {far}, but the picture is nearer to the reference than to the target.",
            _ when report.SearchRatios.TryGetValue(verdict.Metric, out var seen) && seen <= 1 =>
                Text($"{verdict.Metric} is not fooled: {far}, although it was {seen:G3} times with the transforms that the search used."),
            _ => $"{verdict.Metric} is not fooled yet: {far}; more steps may bring it below.",
        };
    }

    private static string PushedApart(AttackVerdict verdict)
    {
        var far = Far(verdict);
        return (verdict.Outcome, verdict.Role) switch
        {
            (AttackOutcome.Fooled, AttackRole.Witness) => $"{verdict.Metric} is fooled as well: {far}.",
            (AttackOutcome.Fooled, _) => $"{verdict.Metric} is fooled: {far}.",
            (AttackOutcome.Undecided, _) => $"{verdict.Metric} is at the edge: {far}, and {AttackJudge.ApartFrom} lies within the error.",
            (_, AttackRole.Held) => $"{verdict.Metric} was held: {far}.",
            _ => $"{verdict.Metric} is not fooled: {far}.",
        };
    }

    // What a ratio is of, where the metric is no distance; see AttackVerdict.Ratio.
    private static string Far(AttackVerdict verdict) => verdict.Metric switch
    {
        "psnr" => $"the picture's squared error against the reference is {Times(verdict)} the anchor's",
        "ssim" or "ms-ssim" => $"the picture's 1 − {verdict.Metric} against the reference is {Times(verdict)} the anchor's",
        _ => $"the picture is {Times(verdict)} as far from the reference as the anchor",
    };

    // The interval is that of 95 %.
    private static string Times(AttackVerdict verdict) =>
        verdict.RatioError is { } error ? Text($"{verdict.Ratio:G3} ± {1.96 * error:G2} times") : Text($"{verdict.Ratio:G3} times");

    private static string Decibels(double value) => double.IsInfinity(value) ? "no difference" : Text($"{value:F1} dB");

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
