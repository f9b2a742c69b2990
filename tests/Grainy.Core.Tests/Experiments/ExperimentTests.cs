using Grainy.Core.Corruption;
using Grainy.Core.Denoising;
using Grainy.Core.Experiments;
using Grainy.Core.Images;

namespace Grainy.Core.Tests.Experiments;

[Trait("Category", "slow")]
public sealed class ExperimentTests
{
    private static readonly ExperimentPreset Tiny = new("tiny", NetworkPresets.Compact, 64, 32, 3, 1, [1, 2], 4, [2], 1);
    private static readonly CorruptionSettings Noise = new(CorruptionKind.Gaussian, 0.1);
    private static readonly ExperimentScenes Scenes = ExperimentScenes.OfClean([ImageFixtures.Waves(1, 128, 192)], Noise, 64, 1);

    [Fact]
    public void Scenes_should_be_squares_with_frozen_independent_frames()
    {
        Scenes.Count.ShouldBe(6);
        Scenes.Frame(2, 1).Planes.ShouldBe(Scenes.Frame(2, 1).Planes);
        var first = Difference(Scenes.Frame(2, 0), Scenes.Clean(2)!);
        var second = Difference(Scenes.Frame(2, 1), Scenes.Clean(2)!);

        // 4,096 samples: 5 standard errors of the correlation and of the variance.
        first.Zip(second, (a, b) => a * b / 0.01).Average().ShouldBe(0, 5 / 64.0);
        first.Average(value => value * value).ShouldBe(0.01, 0.01 * 5 * Math.Sqrt(2) / 64);
    }

    [Fact]
    public void Means_should_have_the_noise_of_their_number() =>
        Difference(Scenes.Mean(1, 1, 16), Scenes.Clean(1)!).Average(value => value * value).ShouldBe(0.01 / 16, 0.01 / 16 * 5 * Math.Sqrt(2) / 64);

    [Fact]
    public void Moving_by_whole_and_half_pixels_should_be_exact_for_smooth_scenes()
    {
        var wave = ImageFixtures.Make(1, 4, 200, (_, _, x) => Math.Sin(0.3 * x));
        foreach (var shift in new[] { 0, 0.25, 0.5, 1, 2.5 })
        {
            var moved = Resampling.Shifted(wave, shift, 2);

            for (var x = 20; x < 180; x++)
            {
                moved.Planes[x].ShouldBe((float)(2 * Math.Sin(0.3 * (x - shift))), 0.01f); // half a per cent of the amplitude
            }
        }
    }

    [Theory]
    [InlineData(ExperimentKind.Budget, "C,D")]
    [InlineData(ExperimentKind.Pairs, "A,B,B2")]
    [InlineData(ExperimentKind.Supervision, "F")]
    public void Plans_should_hold_different_cases_with_equal_effort(ExperimentKind kind, string plots)
    {
        var cases = ExperimentPlan.Of(kind, Scenes, Tiny with { Repeats = 2 }, 1);

        string.Join(',', cases.Select(one => one.Plot).Distinct()).ShouldBe(plots);
        cases.Select(one => one.Key).Distinct().Count().ShouldBe(cases.Count);
        cases.ShouldAllBe(one => one.Training.Steps == 3 && one.Training.CropSize == 32);
        cases.ShouldAllBe(one => one.Scenes().Count > 0);
    }

    [Fact]
    public void A_fixed_budget_should_be_spent_to_the_last_exposure() =>
        ExperimentPlan.Of(ExperimentKind.Budget, Scenes, Tiny, 1).Where(one => one.Training.Method != "noise2clean")
            .ShouldAllBe(one => one.Scenes().Sum(scene => scene.Frames.Count) == 4);

    [Fact]
    public void Dear_clean_images_should_leave_the_budget_for_fewer_scenes()
    {
        var cases = ExperimentPlan.Of(ExperimentKind.Budget, Scenes, Tiny, 1).Where(one => one.Plot == "D").ToArray();

        cases.Single(one => one.Training.Method == "noise2noise").Scenes().Count.ShouldBe(2); // four exposures in pairs
        var clean = cases.Where(one => one.Training.Method == "noise2clean").ToArray();
        clean.Select(one => one.X).ShouldBe([1, 3]); // dearer ones are beyond the budget
        clean.Select(one => one.Scenes().Count).ShouldBe([2, 1]);
        clean.ShouldAllBe(one => one.Scenes()[0].Reference!.Planes.SequenceEqual(Scenes.Clean(1)!.Planes));
    }

    [Fact, LeavesNoTensors]
    public void Every_kind_of_case_should_run_and_be_measured_against_the_truth()
    {
        var cases = ExperimentPlan.Of(ExperimentKind.Supervision, Scenes, Tiny, 1).Concat(ExperimentPlan.Of(ExperimentKind.Budget, Scenes, Tiny, 1)).ToArray();
        foreach (var one in cases)
        {
            var rows = ExperimentRun.Run(one, Scenes, Tiny, CancellationToken.None).Last().Rows.ShouldNotBeNull();

            if (one.Follows)
            {
                rows.Count(row => row.Plot == "G").ShouldBeGreaterThan(0);
                rows.Where(row => row.Plot == "G").ShouldAllBe(row => double.IsFinite(row.Value));
            }

            var row = rows.First(row => row.Plot == one.Plot);
            (row.Steps, row.Repeat).ShouldBe((one.Follows ? row.Steps : 3, 1));
            // A second frame estimates what the clean image shows; three steps leave errors far above its scatter.
            row.Value.ShouldBe(row.Truth!.Value, 1.5, one.Key);
        }
    }

    [Fact]
    public void Too_few_scenes_or_frames_should_be_refused_in_one_sentence()
    {
        Should.Throw<ArgumentException>(() => ExperimentPlan.Of(ExperimentKind.Pairs, Scenes, Tiny with { TestScenes = 6 }, 1)).Message.ShouldContain("kept for measuring");
        Should.Throw<ArgumentException>(() => ExperimentScenes.OfBursts([[ImageFixtures.Waves(1, 64, 64)]], 64, 1)).Message.ShouldContain("at least three frames");
        Should.Throw<ArgumentException>(() => ExperimentPreset.Of("huge")).Message.ShouldContain("toy, small, full");
    }

    private static double[] Difference(ImageBuffer a, ImageBuffer b) => [.. a.Planes.Zip(b.Planes, (x, y) => (double)x - y)];
}
