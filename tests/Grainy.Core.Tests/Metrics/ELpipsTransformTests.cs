using Grainy.Core.Metrics;
using Grainy.Core.Metrics.ELpips;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

/// <summary>Checksums: an independent PyTorch 1.13 script, 2026-11-23.</summary>
[LeavesNoTensors]
public sealed class ELpipsTransformTests
{
    [Fact]
    public void Apply_should_do_all_steps_in_order()
    {
        var transform = new ELpipsTransform
        {
            Scale = 2,
            Phase = (1, 0),
            Shift = (6, 1),
            FlipRows = true,
            Transpose = true,
            Permutation = (1, 2, 0),
            Factors = (0.3f, 0.7f, 0.9f),
        };
        using var scope = NewDisposeScope();

        var result = transform.Apply(ReferenceImages.Synthetic(7, 13, 29, 0, 20, 18).ToTensor());

        result.shape.ShouldBe([1, 3, 17, 18]);
        var values = result.ToFloats();
        ((double)result.sum().item<float>()).ShouldBe(285.924713, 1e-3);
        result.sum([0, 2, 3]).ToFloats().Select(sum => Math.Round(sum, 3)).ShouldBe([44.715, 102.694, 138.515]);
        ((double)values[0]).ShouldBe(0.25176471, 1e-6);
        ((double)values[1]).ShouldBe(0.28235295, 1e-6);
        ((double)values[2]).ShouldBe(0.01176471, 1e-6);
        ((double)values[(2 * 17 * 18) + (5 * 18) + 7]).ShouldBe(0.86470586, 1e-6);
        (transform.ResultingSide(20), transform.ResultingSide(18)).ShouldBe((18, 17));
    }

    [Fact]
    public void Apply_should_average_blocks_with_a_phase()
    {
        var transform = new ELpipsTransform { Scale = 3, Phase = (2, 1), Shift = (0, 7), FlipRows = true, FlipColumns = true, Permutation = (2, 0, 1) };
        using var scope = NewDisposeScope();

        var result = transform.Apply(ReferenceImages.Synthetic(7, 13, 29, 0, 30, 28).ToTensor());

        result.shape.ShouldBe([1, 3, 18, 17]);
        var values = result.ToFloats();
        ((double)result.sum().item<float>()).ShouldBe(471.917633, 1e-3);
        ((double)values[0]).ShouldBe(0.83267975, 1e-6);
        ((double)values[18 * 17]).ShouldBe(0.60522878, 1e-6);
        ((double)values[2 * 18 * 17]).ShouldBe(0.71895426, 1e-6);
        ((double)values[(18 * 17) + (4 * 17) + 9]).ShouldBe(0.43921569, 1e-6);
    }

    [Fact]
    public void Probabilities_should_fall_with_the_square_of_the_scale()
    {
        ELpipsSampler.Probabilities(8).Select(p => Math.Round(p, 6)).ShouldBe([.654698, .163674, .072744, .040919, .026188, .018186, .013361, .010230]);
        (ELpipsSampler.Scales(357, 400), ELpipsSampler.Scales(40, 900)).ShouldBe((5, 1));
    }

    [Fact]
    public void Draw_should_follow_the_laws_of_the_ensemble()
    {
        const int samples = 20_000;
        var random = new RandomStream(11);
        var probabilities = ELpipsSampler.Probabilities(5);
        var drawn = Enumerable.Range(0, samples).Select(_ => ELpipsSampler.Draw(ELpipsSampler.Scale(probabilities, random), random)).ToArray();

        // 5 standard errors each: a right sampler fails one seed in some 100,000.
        void Share(Func<ELpipsTransform, bool> what, double expected) =>
            (drawn.Count(what) / (double)samples).ShouldBe(expected, 5 * Math.Sqrt(expected * (1 - expected) / samples));

        for (var scale = 1; scale <= 5; scale++)
        {
            Share(transform => transform.Scale == scale, probabilities[scale - 1]);
        }

        Share(transform => transform.Shift!.Value.X == 7, 1 / 8.0);
        Share(transform => transform.Shift!.Value.Y == 0, 1 / 8.0);
        Share(transform => transform.FlipRows, 0.5);
        Share(transform => transform.FlipRows && transform.FlipColumns, 0.25);
        Share(transform => transform.Transpose, 0.5);
        Share(transform => transform.Permutation == (2, 0, 1), 1 / 6.0);
        Share(transform => transform.Factors.G < 0.6f, 0.5);
        drawn.ShouldAllBe(
            transform => transform.Factors.R >= 0.2f && transform.Factors.R < 1 && transform.Phase.X < transform.Scale && transform.Phase.Y < transform.Scale);
    }

    [Fact]
    public void Dropout_should_zero_a_hundredth_and_scale_the_rest_and_be_shared_by_the_batch()
    {
        using var scope = NewDisposeScope();
        var masked = new BernoulliDropout(new RandomStream(4)).Apply(ones(2, 16, 100, 100)).ToFloats();

        var first = masked[..160_000];
        first.ShouldBe(masked[160_000..]);
        first.Distinct().Order().ShouldBe([0f, (float)(1 / 0.99)]);
        // 160,000 draws of 1 %: five standard errors are 199; a right mask fails one seed in 1.7 million.
        first.Count(value => value == 0).ShouldBeInRange(1600 - 199, 1600 + 199);
    }
}
