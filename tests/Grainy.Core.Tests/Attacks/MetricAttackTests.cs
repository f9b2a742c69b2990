using Grainy.Core.Attacks;
using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Psnr;
using Grainy.Core.Weights;

namespace Grainy.Core.Tests.Attacks;

[LeavesNoTensors]
public sealed class MetricAttackTests
{
    private static readonly ImageBuffer Reference = AttackImages.Tiles(64);
    private static readonly ImageBuffer Target = AttackImages.Discs(64);

    [Fact]
    public void Attack_on_lpips_should_fool_it_and_not_the_ensemble()
    {
        var settings = new AttackSettings { Metrics = ["lpips-squeeze"], Steps = 120, Witnesses = ["elpips-squeeze", "psnr"], VerdictSamples = 40 };

        var updates = MetricAttack.Run(Reference, Target, null, settings, AttackImages.Catalog, CancellationToken.None).ToArray();

        var report = updates[^1].Report.ShouldNotBeNull();
        report.ConstraintsHeld.ShouldBeTrue(string.Join('\n', report.Sentences));
        var (attacked, ensemble, psnr) = (report.Verdicts[0], report.Verdicts[1], report.Verdicts[2]);
        (attacked.Metric, attacked.Outcome).ShouldBe(("lpips-squeeze", AttackOutcome.Fooled));
        attacked.Ratio.ShouldBeLessThanOrEqualTo(1);
        report.SearchRatios["lpips-squeeze"].ShouldBe(attacked.Ratio, 0.2);
        report.PsnrToTarget!.Value.ShouldBeGreaterThan(report.PsnrToReference + 5);
        // From the first feasible picture on the search comes nearer to the target.
        var feasible = updates.Where(update => update.Ratios.GetValueOrDefault("lpips-squeeze", 9) < 1).ToArray();
        feasible[^1].Psnr.ShouldBeGreaterThan(feasible[0].Psnr);
        // E-LPIPS calls the same picture at least twice as far as the anchor, beyond its error.
        (ensemble.Ratio - (3 * ensemble.RatioError!.Value)).ShouldBeGreaterThan(2);
        ensemble.Outcome.ShouldBe(AttackOutcome.Holds);
        psnr.Outcome.ShouldBe(AttackOutcome.Holds);
        report.Sentences[1].ShouldStartWith("lpips-squeeze is fooled: the picture is ");
        report.Sentences[2].ShouldStartWith("elpips-squeeze is not fooled: the picture is ");
        report.Sentences[3].ShouldStartWith("psnr is not fooled: the picture's squared error against the reference is ");
        updates.Select(update => update.Fraction).ShouldBe(updates.Select(update => update.Fraction).Order());
        updates.Count(update => update.IsSnapshot).ShouldBe(settings.Snapshots);
    }

    [Fact]
    public void Attack_should_repeat_for_a_seed_and_judge_what_an_8_bit_file_holds()
    {
        var settings = new AttackSettings { Metrics = ["builtin", "ssim"], Steps = 12, Seed = 4, Witnesses = ["elpips-builtin"], VerdictSamples = 10, Snapshots = 0 };
        AttackReport Run(ulong seed) =>
            Sliced(MetricAttack.Run(Reference, Target, null, settings with { Seed = seed }, AttackImages.Bare, CancellationToken.None)).Last().Report!;

        var (first, second, other) = (Run(4), Run(4), Run(5));

        first.Exact.Planes.ShouldBe(second.Exact.Planes);
        first.Verdicts.Select(verdict => (verdict.Metric, verdict.Ratio)).ShouldBe(second.Verdicts.Select(verdict => (verdict.Metric, verdict.Ratio)));
        first.Sentences.ShouldBe(second.Sentences);
        first.Exact.Planes.SequenceEqual(other.Exact.Planes).ShouldBeFalse();
        first.Picture.Planes.ShouldAllBe(sample => Math.Abs((sample * 255) - Math.Round(sample * 255)) < 1e-4);
        first.Verdicts.Select(verdict => verdict.Exact is null).ShouldBe([false, false, true]);
        using var metric = AttackImages.Bare.Create("builtin");
        metric.Measure(first.Reference, first.Picture, new MetricOptions(), CancellationToken.None).Last().Value
            .ShouldBe(first.Verdicts[0].Picture.Value, 1e-6 * first.Verdicts[0].Picture.Value);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Adaptive_attack_should_lower_the_ensemble_itself()
    {
        var settings = new AttackSettings { Metrics = ["elpips-builtin"], Steps = 200, Witnesses = [], VerdictSamples = 40, Snapshots = 0 };

        var verdict = MetricAttack.Run(Reference, Target, null, settings, AttackImages.Bare, CancellationToken.None).Last().Report!.Verdicts.Single();

        // With the very transforms of the verdict, which the search has not seen.
        using var metric = AttackImages.Bare.Create("elpips-builtin");
        var target = metric.Measure(Reference, Target, new MetricOptions { Samples = 40, Seed = verdict.Picture.Seed }, CancellationToken.None).Last();
        verdict.Picture.Value.ShouldBeLessThan(0.95 * target.Value);
        verdict.RatioError.ShouldNotBeNull().ShouldBeGreaterThan(0);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void Static_attack_should_satisfy_its_own_transform_and_not_the_ensemble()
    {
        var settings = new AttackSettings { Metrics = ["elpips-builtin"], Steps = 150, FixedTransforms = 1, Witnesses = [], VerdictSamples = 20, Snapshots = 0 };

        var report = MetricAttack.Run(Reference, Target, null, settings, AttackImages.Bare, CancellationToken.None).Last().Report!;

        var verdict = report.Verdicts.Single();
        report.SearchRatios["elpips-builtin"].ShouldBeLessThan(0.5 * verdict.Ratio);
        (verdict.Ratio - (3 * verdict.RatioError!.Value)).ShouldBeGreaterThan(1);
        (verdict.Outcome, report.ConstraintsHeld).ShouldBe((AttackOutcome.Holds, false));
    }

    [Fact]
    public void Attack_should_go_on_from_an_earlier_picture()
    {
        var settings = new AttackSettings { Metrics = ["builtin"], Steps = 10, Witnesses = [], Snapshots = 0 };
        AttackReport Run(AttackSettings with) => MetricAttack.Run(Reference, Target, null, with, AttackImages.Bare, CancellationToken.None).Last().Report!;

        var first = Run(settings);
        var second = Run(settings with { Start = first.Exact });

        first.ConstraintsHeld.ShouldBeFalse();
        second.Verdicts.Single().Ratio.ShouldBeLessThan(0.9 * first.Verdicts.Single().Ratio);
    }

    [Fact]
    public void Attack_on_a_ball_should_end_on_the_line_between_both_pictures()
    {
        var settings = new AttackSettings { Metrics = ["psnr"], Steps = 150, NoiseSigma = 0.1, Witnesses = [], Snapshots = 0 };

        var report = MetricAttack.Run(Reference, Target, null, settings, AttackImages.Bare, CancellationToken.None).Last().Report!;

        // The nearest point of a ball lies on the line to its centre: distances add up, ‖x − t‖ = ‖r − t‖ − ‖b − r‖.
        static double Length(double psnr) => Math.Pow(10, -psnr / 20);
        var expected = Length(PsnrMetric.Between(report.Reference, report.Target!)) - Length(report.AnchorPsnr);
        Length(report.PsnrToTarget!.Value).ShouldBe(expected, 0.03 * expected);
        report.Verdicts.Single().Ratio.ShouldBeInRange(0.95, 1);
        // It looks like the reference, as it must: nobody is fooled.
        report.Verdicts.Single().Outcome.ShouldBe(AttackOutcome.Holds);
        report.Sentences[1].ShouldEndWith("but the picture is nearer to the reference than to the target.");
    }

    [Fact]
    public void Push_apart_should_stay_within_its_budget_and_go_far_beyond_noise()
    {
        var settings = new AttackSettings
        {
            Metrics = ["builtin"],
            Goal = AttackGoal.PushApart,
            Held = ["ssim"],
            Steps = 60,
            LeastPsnr = 38,
            LargestChange = 6 / 255.0,
            Witnesses = [],
            Snapshots = 0,
        };

        var report = MetricAttack.Run(Reference, null, null, settings, AttackImages.Bare, CancellationToken.None).Last().Report!;

        report.PsnrToReference.ShouldBeGreaterThanOrEqualTo(38);
        report.AnchorPsnr.ShouldBe(38, 0.2);
        report.Picture.Planes.Zip(report.Reference.Planes, (a, b) => Math.Abs(a - b)).Max().ShouldBeLessThanOrEqualTo((float)((6 / 255.0) + 1e-6));
        (report.Verdicts[0].Metric, report.Verdicts[0].Outcome).ShouldBe(("builtin", AttackOutcome.Fooled));
        report.Verdicts[0].Ratio.ShouldBeGreaterThan(2);
        (report.Verdicts[1].Role, report.ConstraintsHeld).ShouldBe((AttackRole.Held, true));
        report.Verdicts[1].Ratio.ShouldBeLessThanOrEqualTo(1);
    }

    [Fact]
    public void Attack_should_free_all_when_it_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        using var updates = MetricAttack.Run(
            Reference, Target, null, new AttackSettings { Metrics = ["builtin"], Steps = 100_000 }, AttackImages.Bare, source.Token).GetEnumerator();
        while (updates.MoveNext() && updates.Current.StepsDone == 0)
        {
        }

        source.Cancel();

        Should.Throw<OperationCanceledException>(() => updates.MoveNext());
    }

    [Fact]
    public void Witness_that_cannot_be_asked_should_be_named_with_the_reason()
    {
        var settings = new AttackSettings { Metrics = ["psnr"], Steps = 10, Witnesses = ["ms-ssim", "lpips-vgg"] };

        var report = MetricAttack.Run(Reference, Target, null, settings, AttackImages.Bare, CancellationToken.None).Last().Report!;

        report.Verdicts.ShouldHaveSingleItem();
        report.NotAsked["ms-ssim"].ShouldContain("needs at least 161 pixels");
        report.NotAsked["lpips-vgg"].ShouldContain("import");
    }

    [Fact]
    public void Attack_should_refuse_bad_input_in_one_sentence()
    {
        static AttackSettings On(params string[] metrics) => new() { Metrics = metrics, Steps = 10 };
        static string Refusal(ImageBuffer reference, ImageBuffer? target, ImageBuffer? anchor, AttackSettings settings) =>
            Should.Throw<MetricInputException>(() => MetricAttack.Run(reference, target, anchor, settings, AttackImages.Bare, default)).Message;

        Refusal(Reference, AttackImages.Discs(65), null, On("psnr")).ShouldBe("The images differ in size (64 × 64 and 65 × 65): crop or scale one of them first.");
        Refusal(Reference, Target, AttackImages.Discs(65), On("psnr")).ShouldStartWith("The images differ in size");
        Refusal(Reference, Target, null, On("psnr") with { Start = AttackImages.Discs(65) }).ShouldStartWith("The images differ in size");
        Refusal(AttackImages.Tiles(31), AttackImages.Discs(31), null, On("psnr")).ShouldContain("needs at least 32 pixels");
        Refusal(Reference, ImageFixtures.Make(3, 64, 64, (_, y, _) => y == 3 ? double.NaN : 0), null, On("psnr")).ShouldContain("NaN");
        Refusal(Reference, Target, Reference, On("psnr")).ShouldStartWith("The anchor is the same picture as the reference");
        Refusal(Reference, Reference, null, On("psnr")).ShouldStartWith("The target is the same picture as the reference");
        Refusal(Reference, null, null, On("psnr")).ShouldStartWith("There is no target");
        Refusal(Reference, Target, null, On("psnr") with { Goal = AttackGoal.PushApart }).ShouldContain("has no target");
        Refusal(Reference, Target, null, On()).ShouldStartWith("No metric is named");
        Refusal(Reference, Target, null, On("vmaf")).ShouldStartWith("There is no metric 'vmaf' to attack");
        Refusal(Reference, Target, null, On("psnr", "psnr")).ShouldStartWith("psnr is named twice");
        Refusal(Reference, Target, null, On("ms-ssim")).ShouldContain("needs at least 161 pixels");
        Refusal(Reference, Target, null, On("psnr") with { Witnesses = ["vmaf"] }).ShouldStartWith("There is no metric 'vmaf' to ask");
        Should.Throw<WeightFormatException>(() => MetricAttack.Run(Reference, Target, null, On("lpips-alex"), AttackImages.Bare, default)).Message.ShouldContain("import");
        Should.Throw<ArgumentOutOfRangeException>(() => On("psnr") with { Steps = 9 } is var few ? MetricAttack.Run(Reference, Target, null, few, AttackImages.Bare, default) : null);
    }

    // Every slice in a scope of its own, as on the device thread: what outlives a slice must not belong to it.
    private static IEnumerable<AttackUpdate> Sliced(IEnumerable<AttackUpdate> updates)
    {
        using var slices = updates.GetEnumerator();
        while (Moves())
        {
            yield return slices.Current;
        }

        bool Moves()
        {
            using var scope = TorchSharp.torch.NewDisposeScope();
            return slices.MoveNext();
        }
    }
}
