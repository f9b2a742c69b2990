using Grainy.Core.Attacks;
using Grainy.Core.Metrics;

namespace Grainy.Cli.Attacks;

/// <summary>The content of <c>report.json</c>.</summary>
internal static class AttackDocument
{
    public static object Of(AttackReport report, AttackFiles.Names names, string folder) => new
    {
        interrupted = false,
        folder,
        names.Reference,
        names.Target,
        names.Anchor,
        settings = Settings(report.Settings),
        width = report.Picture.Width,
        height = report.Picture.Height,
        judged = "result.png (8 bits per sample) against reference.png and anchor.png",
        report.PsnrToTarget,
        report.PsnrToReference,
        report.AnchorPsnr,
        report.ConstraintsHeld,
        report.SearchRatios,
        report.VerdictSeed,
        report.SearchSeconds,
        verdicts = report.Verdicts.Select(verdict => new
        {
            verdict.Metric,
            role = Word(verdict.Role),
            outcome = Word(verdict.Outcome),
            verdict.Ratio,
            ratioStandardError = verdict.RatioError,
            ratioBeforeRounding = verdict.Exact,
            picture = Value(verdict.Picture),
            anchor = Value(verdict.Anchor),
            verdict.Picture.Fingerprint,
        }),
        report.NotAsked,
        report.Sentences,
    };

    public static object OfInterrupted(AttackSettings settings, AttackUpdate last, AttackFiles.Names names, string folder) => new
    {
        interrupted = true,
        folder,
        names.Reference,
        names.Target,
        names.Anchor,
        settings = Settings(settings),
        steps = last.StepsDone,
        last.Psnr,
        last.Ratios,
    };

    private static object Settings(AttackSettings settings) => new
    {
        settings.Metrics,
        goal = Word(settings.Goal),
        settings.Steps,
        settings.NoiseSigma,
        settings.Size,
        settings.Seed,
        settings.FixedTransforms,
        settings.VerdictSamples,
        settings.Held,
        settings.LeastPsnr,
        settings.LargestChange,
    };

    private static object Value(MetricResult result) => new { result.Value, result.StandardError, result.Samples };

    private static string Word<T>(T value)
        where T : struct, Enum => System.Text.Json.JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
