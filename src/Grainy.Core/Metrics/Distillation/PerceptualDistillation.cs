using System.Diagnostics;
using Grainy.Core.Images;
using Grainy.Core.Metrics.Perceptual;
using Grainy.Core.Tensors;
using Grainy.Core.Weights;
using static TorchSharp.torch;

namespace Grainy.Core.Metrics.Distillation;

/// <summary>
/// Trains the built-in perceptual network: a small student learns to give the distances that LPIPS (squeeze) gives to pairs of patches, place by place and layer by
/// layer. Backbone and heads are trained together from random weights, so nothing of the teacher's weights is in the result.
/// </summary>
public static class PerceptualDistillation
{
    /// <summary>Name of the teacher in <see cref="MetricCatalog"/>.</summary>
    public const string Teacher = "lpips-squeeze";

    private const int LargePatch = 128;
    private const int LargeEvery = 3; // steps
    private const double WarmUp = 200; // steps
    private const double LedShare = 0.35; // of the training, in which every stage is given the teacher's features
    private const double HeadRate = 3; // the heads are further from their goal than the kernels
    private const int Reports = 10; // times the network is measured and handed out

    /// <summary>Trains on the device thread, one step per step of the iterator. Ten times, the last time at the end, an update carries the network as it is.</summary>
    /// <param name="settings">How long and with which seed.</param>
    /// <param name="images">To cut patches from; at least 144 pixels on each side (generated textures are mixed in). May be empty.</param>
    /// <param name="heldOut">To measure the agreement on; never trained on; at least 272 pixels on each side. May be empty.</param>
    /// <param name="weights">Must hold the teacher.</param>
    /// <exception cref="WeightFormatException">The teacher is not installed, or the network to go on from is of another kind.</exception>
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
        const int least = LargePatch + (2 * PatchDistortions.Margin);
        Require(images, least, "to train on");
        Require(heldOut, AgreementTest.SmallestSide, "to measure the agreement on");
        using var teacher = catalog.LoadDistance(Teacher);
        using var student = settings.StartFrom is { } earlier ? CompactStudent.From(earlier) : CompactStudent.Create(new SeedSequence(settings.Seed));
        using var optimizer = new AdamOptimizer(student.Network.Parameters.Values);
        using var heads = new AdamOptimizer(student.Distance.Heads);
        var (source, large) = (new PatchSource(images, settings.PatchSize + (2 * PatchDistortions.Margin)), new PatchSource(images, least));
        using var hard = new HardPairs(teacher, student, source);
        var start = Stopwatch.GetTimestamp();
        double? smoothed = null;
        var reports = 0;
        for (long step = 0; ; step++)
        {
            ct.ThrowIfCancellationRequested();
            var elapsed = Stopwatch.GetElapsedTime(start).TotalSeconds;
            var fraction = Math.Min(1, settings.Steps is { } steps ? (double)step / steps : elapsed / settings.BudgetSeconds);
            if (step > 0 && fraction * Reports >= reports + 1)
            {
                reports = (int)(fraction * Reports);
                yield return new DistillationUpdate(step, fraction, smoothed ?? 0, elapsed, Report(teacher, student, heldOut));
                if (fraction >= 1)
                {
                    yield break;
                }
            }

            var random = new RandomStream(new SeedSequence(settings.Seed).Derive("distil", step));
            hard.Refresh(step, random);
            var rate = settings.LearningRate * Math.Min(1, (step + 1) / WarmUp) * 0.5 * (1 + Math.Cos(Math.PI * fraction));
            var led = settings.StartFrom is null && fraction < LedShare;
            var value = TrainStep(() => Pairs(settings, step % LargeEvery == LargeEvery - 1, source, large, hard, random), teacher, student, led, [(optimizer, rate), (heads, HeadRate * rate)]);
            smoothed = smoothed is null ? value : (0.98 * smoothed) + (0.02 * value);
            yield return new DistillationUpdate(step + 1, fraction, smoothed.Value, elapsed, null);
        }
    }

    private static void Require(IReadOnlyList<ImageBuffer> images, int least, string purpose)
    {
        if (images.FirstOrDefault(image => Math.Min(image.Width, image.Height) < least) is { } small)
        {
            throw new MetricInputException(
                $"An image of {small.Width} × {small.Height} is too small {purpose}: patches need {least} pixels on each side; leave it out.");
        }
    }

    private static double TrainStep(
        Func<(Tensor References, Tensor Distorted)> pairs, FeatureDistance teacher, CompactStudent student, bool led, (AdamOptimizer Optimizer, double Rate)[] optimizers)
    {
        using var scope = NewDisposeScope();
        var (references, distorted) = pairs();
        var loss = DistillationLoss.Of(teacher, student, led, references, distorted);
        loss.backward();
        foreach (var (optimizer, rate) in optimizers)
        {
            optimizer.Step(rate);
        }

        student.Constrain();
        return loss.item<float>();
    }

    // Measured with the weights as they are handed out.
    private static DistillationResult Report(FeatureDistance teacher, CompactStudent student, IReadOnlyList<ImageBuffer> heldOut)
    {
        var weights = student.Export();
        using var exported = CompactStudent.From(weights);
        return new DistillationResult(weights, heldOut.Count == 0 ? null : AgreementTest.Of(teacher, exported.Distance, heldOut));
    }

    // Mostly small patches with hard pairs among them; now and then a few large ones, in which the middle of the deep layers sees no border.
    private static (Tensor References, Tensor Distorted) Pairs(
        DistillationSettings settings, bool useLarge, PatchSource source, PatchSource large, HardPairs hard, RandomStream random)
    {
        if (useLarge)
        {
            return PairMaker.Make(large, 1, random);
        }

        var (references, distorted) = PairMaker.Make(source, settings.BatchSize / PatchDistortions.Kinds.Count, random);
        var (hardReferences, hardDistorted) = hard.Draw(settings.BatchSize / 4, random);
        return (cat([references, hardReferences], 0), cat([distorted, hardDistorted], 0));
    }
}
