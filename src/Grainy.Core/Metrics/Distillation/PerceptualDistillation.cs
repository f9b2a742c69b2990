using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using TorchSharp;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>
/// Trains the built-in perceptual network: a small student learns to give the distances that LPIPS (squeeze) gives to pairs of patches. Backbone and heads are
/// trained together from random weights, so nothing of the teacher's weights is in the result.
/// </summary>
public static class PerceptualDistillation
{
    /// <summary>Name of the teacher in <see cref="MetricCatalog"/>.</summary>
    public const string Teacher = "lpips-squeeze";

    /// <summary>Distances are compared as logarithms of distance plus this, so that the smallest do not rule the rest.</summary>
    private const double Floor = 0.01;

    /// <summary>Trains on the device thread, one step per step of the iterator. The last update carries the result.</summary>
    /// <param name="settings">How long and with which seed.</param>
    /// <param name="images">To cut patches from; at least 80 pixels on each side (generated textures are mixed in). May be empty.</param>
    /// <param name="heldOut">To measure the agreement on; never trained on. May be empty.</param>
    /// <param name="weights">Must hold the teacher.</param>
    /// <exception cref="WeightFormatException">The teacher is not installed.</exception>
    /// <exception cref="MetricInputException">An image is too small.</exception>
    public static IEnumerable<DistillationUpdate> Run(
        DistillationSettings settings, IReadOnlyList<ImageBuffer> images, IReadOnlyList<ImageBuffer> heldOut, WeightStore weights, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(heldOut);
        return Iterate(settings.Validated(), images, heldOut, new MetricCatalog(weights), ct);
    }

    private static IEnumerable<DistillationUpdate> Iterate(
        DistillationSettings settings, IReadOnlyList<ImageBuffer> images, IReadOnlyList<ImageBuffer> heldOut, MetricCatalog catalog, CancellationToken ct)
    {
        var side = settings.PatchSize + (2 * PatchDistortions.Margin);
        if (images.Concat(heldOut).FirstOrDefault(image => Math.Min(image.Width, image.Height) < side) is { } small)
        {
            throw new MetricInputException(
                $"An image of {small.Width} × {small.Height} is too small to train on: patches need {side} pixels on each side; leave it out.");
        }

        using var teacher = catalog.LoadDistance(Teacher);
        using var student = CompactStudent.Create(new SeedSequence(settings.Seed));
        using var optimizer = new AdamOptimizer(student.Parameters);
        var source = new PatchSource(images, side);
        var start = Stopwatch.GetTimestamp();
        double? smoothed = null;
        for (long step = 0; ; step++)
        {
            ct.ThrowIfCancellationRequested();
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var fraction = Math.Min(1, settings.Steps is { } steps ? (double)step / steps : elapsed / settings.BudgetSeconds);
            if (fraction >= 1)
            {
                var agreement = heldOut.Count == 0 ? null : Agreement(teacher, student.Distance, heldOut, side);
                yield return new DistillationUpdate(step, 1, smoothed ?? 0, elapsed, new DistillationResult(student.Export(), agreement));
                yield break;
            }

            var loss = TrainStep(settings, teacher, student, optimizer, source, step, fraction);
            smoothed = smoothed is null ? loss : (0.98 * smoothed) + (0.02 * loss);
            yield return new DistillationUpdate(step + 1, fraction, smoothed.Value, elapsed, null);
        }
    }

    private static double TrainStep(
        DistillationSettings settings, FeatureDistance teacher, CompactStudent student, AdamOptimizer optimizer, PatchSource source, long step, double fraction)
    {
        using var scope = NewDisposeScope();
        var random = new RandomStream(new SeedSequence(settings.Seed).Derive("distil", step));
        var (references, distorted) = Pairs(source, settings.BatchSize / PatchDistortions.Kinds.Count, random);
        Tensor target;
        using (no_grad())
        {
            target = teacher.Between(references, distorted, null).sum([0]).Plus(Floor).log(); // [N]
        }

        var answer = student.Distance.Between(references, distorted, null).sum([0]).Plus(Floor).log();
        var loss = (answer - target).Squared().mean().Plus(Disorder(answer, target).Times(0.5));
        loss.backward();
        optimizer.Step(settings.LearningRate * Math.Min(1, (step + 1) / 100.0) * 0.5 * (1 + Math.Cos(Math.PI * fraction)));
        student.Constrain();
        return loss.item<float>();
    }

    /// <summary>Every kind of distortion the same number of times; a third gets a second, weaker one on top.</summary>
    private static (Tensor References, Tensor Distorted) Pairs(PatchSource source, int perKind, RandomStream random)
    {
        using var generator = new Generator(random.NextBits());
        var kinds = PatchDistortions.Kinds.Count;
        var patches = source.Draw(perKind * kinds, random);
        var others = source.Draw(perKind * kinds, random);
        var distorted = cat([.. Enumerable.Range(0, kinds).Select(kind =>
        {
            var (own, other) = (patches.narrow(0, kind * perKind, perKind), others.narrow(0, kind * perKind, perKind));
            if (random.Next(3) == 0)
            {
                var before = PatchDistortions.Apply(random.Next(4), WithMargin(own), WithMargin(other), Strengths(perKind, 0.5, random), generator);
                own = before;
            }

            return PatchDistortions.Apply(kind, own, other, Strengths(perKind, 1, random), generator);
        })], 0);
        return (PatchDistortions.Middle(patches), distorted);
    }

    // A first distortion keeps the margin that the second one needs.
    private static Tensor WithMargin(Tensor patches)
    {
        const int margin = PatchDistortions.Margin;
        return nn.functional.pad(patches, [margin, margin, margin, margin], PaddingModes.Reflect);
    }

    private static float[] Strengths(int count, double most, RandomStream random) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)(most * random.NextDouble()))];

    /// <summary>How badly pairs of the batch are in the wrong order: a logistic penalty, less for pairs that the teacher puts close together.</summary>
    private static Tensor Disorder(Tensor answer, Tensor target)
    {
        const double Softness = 0.1;
        var (gap, wanted) = (answer.unsqueeze(0) - answer.unsqueeze(1), target.unsqueeze(0) - target.unsqueeze(1));
        var penalty = (gap * wanted.sign()).Times(1 / Softness).log_sigmoid().Times(-Softness);
        return (penalty * wanted.abs().clamp_max(Arithmetic.One)).mean();
    }

    private static DistillationAgreement Agreement(FeatureDistance teacher, FeatureDistance student, IReadOnlyList<ImageBuffer> heldOut, int side)
    {
        const int batches = 12;
        const int perKind = 8;
        // A source without textures would draw none only if it had no images; 15 % of generated patches stay in, as in use they may.
        var source = new PatchSource(heldOut, side);
        var (expected, actual) = (
            PatchDistortions.Kinds.Select(_ => new List<double>()).ToArray(), PatchDistortions.Kinds.Select(_ => new List<double>()).ToArray());
        for (var batch = 0; batch < batches; batch++)
        {
            using var scope = NewDisposeScope();
            using var inference = no_grad();
            var (references, distorted) = Pairs(source, perKind, new RandomStream(new SeedSequence(2026).Derive("held out", batch)));
            var truth = teacher.Between(references, distorted, null).sum([0]).data<float>().ToArray();
            var answers = student.Between(references, distorted, null).sum([0]).data<float>().ToArray();
            for (var i = 0; i < truth.Length; i++)
            {
                expected[i / perKind].Add(truth[i]);
                actual[i / perKind].Add(answers[i]);
            }
        }

        var (all, given) = (expected.SelectMany(values => values).ToArray(), actual.SelectMany(values => values).ToArray());
        return new DistillationAgreement(
            all.Length,
            RankCorrelation.Of(all, given),
            PatchDistortions.Kinds.Select((kind, i) => (kind, Rho: RankCorrelation.Of(expected[i], actual[i]))).ToDictionary(pair => pair.kind, pair => pair.Rho),
            all.Zip(given, (truth, answer) => Math.Abs(Math.Log((answer + Floor) / (truth + Floor)))).Average());
    }
}
