using Grainy.Core.Images;
using Grainy.Core.Metrics;
using Grainy.Core.Metrics.Distillation;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Tests.Metrics;

[LeavesNoTensors]
public sealed class DistillationTests
{
    [Fact]
    public void Distillation_should_teach_every_stage_when_it_is_led_and_when_it_is_not()
    {
        using var scope = NewDisposeScope();
        using var teacher = new MetricCatalog(ReferenceImages.Weights).LoadDistance(PerceptualDistillation.Teacher);
        foreach (var led in new[] { true, false })
        {
            using var student = CompactStudent.Create(new SeedSequence(1));
            using var optimizer = new AdamOptimizer(student.Parameters);
            var (references, distorted) = Pairs(1);
            var losses = new List<float>();
            for (var step = 0; step < 6; step++)
            {
                using var loss = DistillationLoss.Of(teacher, student, led, references, distorted);
                loss.backward();
                losses.Add(loss.item<float>());
                student.Parameters.ShouldAllBe(parameter => parameter.grad!.abs().max().item<float>() > 0);
                optimizer.Step(1e-3);
            }

            // The same pairs again and again: a few steps must help.
            losses[^1].ShouldBeLessThan(0.9f * losses[0]);
        }
    }

    [Fact]
    public void An_attack_should_move_the_distance_of_every_pair()
    {
        using var scope = NewDisposeScope();
        using var victim = new MetricCatalog(ReferenceImages.Weights).LoadDistance(PerceptualDistillation.Teacher);
        var (references, distorted) = Pairs(1);

        var attacked = AttackedPairs.Make(victim, references, distorted, new RandomStream(5));

        attacked.min().item<float>().ShouldBeGreaterThanOrEqualTo(0);
        attacked.max().item<float>().ShouldBeLessThanOrEqualTo(1);
        var (before, after) = (Distances(victim, references, distorted), Distances(victim, references, attacked));
        var changes = before.Zip(after, (from, to) => Math.Log(to / from)).ToArray();
        changes.ShouldContain(change => change > 0.1);
        changes.ShouldContain(change => change < -0.1);
        changes.ShouldAllBe(change => Math.Abs(change) > 0.01);
    }

    [Fact]
    public void Denoised_pairs_should_be_nearer_to_the_patch_than_noise_leaves_them_but_not_equal()
    {
        using var scope = NewDisposeScope();
        var references = Pairs(1).References.narrow(0, 0, 2);

        var restored = DenoisedPairs.Make(references, new RandomStream(4));

        var error = (restored - references).Squared().mean([1, 2, 3]).sqrt().data<float>().ToArray();
        // The noise has a standard deviation of 0.02 to 0.25.
        error.ShouldAllBe(rms => rms > 0.002f && rms < 0.2f);
    }

    [Trait("Category", "slow")]
    [Fact]
    public void The_built_in_network_should_rank_pairs_it_never_saw_like_its_teacher()
    {
        using var teacher = new MetricCatalog(ReferenceImages.Weights).LoadDistance(PerceptualDistillation.Teacher);
        using var student = new MetricCatalog(new WeightStore([])).LoadDistance("builtin");
        var photographs = Directory.EnumerateFiles(SharedData.Require("data/images/kodak"), "*.png").Order(StringComparer.Ordinal)
            .Select(file => ImageReader.Read(file).Image).ToArray();

        var agreement = AgreementTest.Of(teacher, student, photographs, rounds: 1);

        TestContext.Current.TestOutputHelper?.WriteLine($"{agreement}: {string.Join(", ", agreement.ByKind)}");
        agreement.Pairs.ShouldBe(201);
        agreement.Spearman.ShouldBeGreaterThan(0.97);
    }

    private static (Tensor References, Tensor Distorted) Pairs(int perKind) =>
        PairMaker.Make(new PatchSource([], 64 + (2 * PatchDistortions.Margin)), perKind, new RandomStream(11));

    private static double[] Distances(Grainy.Core.Metrics.Perceptual.FeatureDistance distance, Tensor x, Tensor y)
    {
        using var inference = no_grad();
        return [.. distance.Between(x, y, null).sum([0]).data<float>().ToArray().Select(value => (double)value)];
    }
}
