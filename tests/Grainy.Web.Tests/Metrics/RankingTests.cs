using Grainy.Contracts.Metrics;
using Grainy.Web.Features.Metrics;
using static Grainy.Web.Tests.Metrics.SomeComparison;

namespace Grainy.Web.Tests.Metrics;

public sealed class RankingTests
{
    [Fact]
    public void Metrics_that_put_different_images_first_should_be_said_to_disagree() => Kinds(
        Cell(0, "psnr", 30), Cell(1, "psnr", 25), Cell(0, "ssim", 0.9), Cell(1, "ssim", 0.8), Cell(0, "builtin", 0.4), Cell(1, "builtin", 0.1))
        .ShouldBe([(VerdictKind.Disagreement, "The metrics disagree: PSNR and SSIM put “A” first; Perceptual (built-in) puts “B” first.")]);

    [Fact]
    public void Metrics_that_put_the_same_image_first_should_be_said_to_agree() => Kinds(
        Cell(0, "psnr", 30), Cell(1, "psnr", 25), Cell(0, "builtin", 0.1), Cell(1, "builtin", 0.4))
        .ShouldBe([(VerdictKind.Agreement, "PSNR and Perceptual (built-in) put “A” first.")]);

    [Fact]
    public void Disagreement_behind_the_first_should_be_told_too() => Kinds(
        Cell(0, "psnr", 30), Cell(1, "psnr", 25), Cell(2, "psnr", 20), Cell(0, "builtin", 0.1), Cell(1, "builtin", 0.4), Cell(2, "builtin", 0.2))
        .Single().Text.ShouldContain("agree on “A” as the closest, but not on the rest: PSNR puts “B” before “C”, Perceptual (built-in) the other way round");

    [Fact]
    public void Estimate_within_its_doubt_should_be_too_close_to_call_and_contradict_nobody() => Kinds(
        Cell(0, "psnr", 30), Cell(1, "psnr", 25), Cell(0, "elpips-builtin", 0.110, 0.01), Cell(1, "elpips-builtin", 0.100, 0.01))
        .Single().ShouldBe((
            VerdictKind.TooClose,
            "Perceptual ensemble (built-in): too close to call between “B” and “A”, difference 0.01000 ± 0.01414. Refine to tell them apart."));

    [Fact]
    public void Difference_under_the_same_transforms_should_decide_where_two_values_could_not()
    {
        var better = Cell(1, "elpips-builtin", 0.100, 0.01) with { Gap = new ScoreGap(0, 0.01, 0.001) };

        Kinds(Cell(0, "elpips-builtin", 0.110, 0.01), better).Single().ShouldBe((
            VerdictKind.Clear,
            "Perceptual ensemble (built-in): “B” is closer than “A”, difference 0.01000 ± 0.00100 under the same transforms."));
    }

    [Fact]
    public void Equal_exact_values_should_put_nobody_first() =>
        Kinds(Cell(0, "psnr", double.PositiveInfinity), Cell(1, "psnr", double.PositiveInfinity), Cell(0, "ssim", 1), Cell(1, "ssim", 1)).ShouldBeEmpty();

    [Fact]
    public void Nothing_should_be_said_before_all_values_of_a_metric_are_there() => Kinds(
        Cell(0, "psnr", 30), Cell(1, "psnr", 25), Cell(0, "ssim", 0.8), new ComparisonCell { Pair = 1, Metric = "ssim" }).ShouldBeEmpty();

    private static (VerdictKind Kind, string Text)[] Kinds(params ComparisonCell[] cells) =>
    [
        .. Ranking.Verdicts([.. cells.Select(cell => cell.Metric).Distinct()], metric => cells.Where(cell => cell.Metric == metric), pair => $"{(char)('A' + pair)}")
            .Select(verdict => (verdict.Kind, verdict.Text)),
    ];
}
