using Grainy.Contracts;
using Grainy.Contracts.Datasets;
using Grainy.Contracts.Training;
using Grainy.Web.Features.Training;
using Grainy.Web.Tests.Fakes;

namespace Grainy.Web.Tests.Training;

public sealed class NoiseChipTests
{
    private static readonly DatasetId Dataset = new("ds-a");

    [Fact]
    public void Of_should_put_clean_findings_in_words()
    {
        var noise = new NoiseResult
        {
            Noise = new NoiseChoice("gaussian", 25 / 255.0),
            Images = [Image(1, 25), Image(2, 26)],
            Scenes = [0, 0],
            Curve = [new(0.1, 0.01), new(0.9, 0.01)],
            Frames = [new FrameFinding(Ref(1), Ref(2), 0.1, 0.03, 0.04, 0.01, false, 0, false)],
        };

        NoiseChip.Of(noise).Select(chip => chip.Text).ShouldBe(
            ["Go", "noise σ ≈ 26 of 255", "the same at all brightnesses", "neighbours independent", "2 exposures of one scene", "aligned to 0.05 px"]);
        NoiseChip.Of(noise).ShouldAllBe(chip => chip.Style != "warn" && chip.Style != "bad");
    }

    [Fact]
    public void Of_should_warn_of_everything_that_may_go_wrong()
    {
        var noise = new NoiseResult
        {
            Advice = NoiseAdvice.Caution,
            Noise = new NoiseChoice("poisson", 80),
            Images = [Image(1, 5) with { IsCorrelated = true, Lag = new LagFinding(0, 1, -0.31), ClippedHigh = 0.032, Impulses = 0.008, Variance = new(0.01, 0.001, -0.0003, 0, 0.1, 0.031) }, Image(2, 9)],
            Scenes = [0, 0, 1, 1],
            Warnings = [new NoiseRemark("black-level", "")],
            Frames = [new FrameFinding(Ref(1), Ref(2), 0.1, 0.6, 0.8, 0.01, true, -0.021, true)],
            Problems = [new ImageProblem(Ref(3), "")],
        };

        NoiseChip.Of(noise).Where(chip => chip.Style is "warn" or "bad").Select(chip => chip.Text).ShouldBe(
        [
            "Go, with care", "black level 0.031 not subtracted", "neighbours share noise (0.31)", "shifted by 1.00 px", "brightness drifts by 2.1 %", "clipped: 0.0 % lowest, 1.6 % highest", "0.8 % impulses",
            "1 image cannot be used",
        ]);
        NoiseChip.Of(noise).Select(chip => chip.Text).ShouldContain("noise σ ≈ 5.0 to 9.0 of 255");
        NoiseChip.Of(noise).Select(chip => chip.Text).ShouldContain("2 scenes of 2 exposures");
    }

    [Fact]
    public void Hindrance_should_say_which_images_a_method_lacks()
    {
        ImageInfo[] images = [Some.Image(1), Some.Image(2), Some.Image(3)];

        MethodFacts.Hindrance("noise2noise", [images[0]], [0]).ShouldNotBeNull().ShouldContain("single image");
        MethodFacts.Hindrance("noise2noise", images, [0, 0, 1]).ShouldNotBeNull().ShouldContain("003 stands alone");
        MethodFacts.Hindrance("noise2noise", [images[0], images[1] with { Width = 10 }], [0, 0]).ShouldNotBeNull().ShouldContain("differ in size");
        MethodFacts.Hindrance("noise2noise", images, [0, 0, 0]).ShouldBeNull();
        MethodFacts.Hindrance("noise2clean", images, [0, 1, 2]).ShouldNotBeNull().ShouldContain("001 has none");
        MethodFacts.Hindrance("blind-spot", images, [0, 1, 2]).ShouldBeNull();
    }

    private static ImageFinding Image(int number, double sigma) => new() { Image = Ref(number), Sigma = sigma / 255, Lag = new LagFinding(1, 0, 0.01) };

    private static ImageRef Ref(int number) => new(Dataset, Some.Image(number).Id);
}
