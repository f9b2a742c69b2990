using Grainy.Core.Denoising;
using Grainy.Core.Denoising.ZeroShot;
using Grainy.Core.Images;
using Grainy.Core.Tensors;
using static TorchSharp.torch;

namespace Grainy.Core.Training.ZeroShot;

/// <summary>
/// Denoises one image by a small network that learns from that image alone (zero-shot Noise2Noise), and knows without a clean image when to stop: a tenth of the
/// 2×2 cells is never learned from; their noise is independent of all that the network saw, so the error on them falls and rises with the true one.
/// </summary>
public static class ZeroShotDenoiser
{
    /// <summary>The smallest width and height that are accepted, in pixels.</summary>
    public const int SmallestSide = 32;

    private const int WindowSide = 128;
    private const int StepsBetweenChecks = 25;
    private const double LearningRate = 1e-3;
    private const double SliceSeconds = 0.25;

    /// <summary>Runs on the calling thread, which must be a device's own; each step of the result takes about a quarter of a second.</summary>
    /// <param name="image">At least 32 × 32 pixels, on any scale.</param>
    /// <param name="settings">Limits.</param>
    /// <param name="cancellationToken">Looked at between slices.</param>
    /// <param name="clock">For tests; null: the system's.</param>
    /// <exception cref="ArgumentException">An image that cannot be learned from, or limits that make no sense: one sentence for people.</exception>
    public static IEnumerable<ZeroShotUpdate> Run(
        ImageBuffer image, ZeroShotSettings settings, CancellationToken cancellationToken, TimeProvider? clock = null)
    {
        ArgumentNullException.ThrowIfNull(image);
        ArgumentNullException.ThrowIfNull(settings);
        settings.Validated();
        if (image.Width < SmallestSide || image.Height < SmallestSide)
        {
            throw new ArgumentException(
                $"An image of {image.Width} × {image.Height} pixels is too small to learn from; {SmallestSide} × {SmallestSide} is the least. "
                + "Denoise it with a trained model, for example the built-in one.", nameof(image));
        }

        TrainingImages.Check([image]);
        return Learn(image, settings, clock ?? TimeProvider.System, cancellationToken);
    }

    private static IEnumerable<ZeroShotUpdate> Learn(ImageBuffer image, ZeroShotSettings settings, TimeProvider clock, CancellationToken cancellationToken)
    {
        var range = IntensityRange.Of([image]);
        var seeds = new SeedSequence(settings.Seed);
        var crops = new ZeroShotCrops([range.ToNetwork(image)], WindowSide, seeds, holdOut: true);
        using var network = new ZeroShotNetwork(new ZeroShotLayout(image.Channels));
        network.Parameters.Initialise(seeds);
        using var adam = new FlatOptimizer(network.Parameters);
        var rule = new PlateauRule();
        var (step, skipped, elapsed) = (0L, 0L, 0.0);
        var best = network.Parameters.ToArray();
        while (!rule.Ended && step < settings.MostSteps && elapsed < settings.BudgetSeconds)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var (begun, before) = (clock.GetTimestamp(), elapsed);
            do
            {
                skipped += Step(network, adam, crops, step++, rule.Rate) ? 0 : 1;
                if (step % StepsBetweenChecks == 0 || step == settings.MostSteps)
                {
                    best = Check(network, adam, crops, rule) ?? best;
                }

                elapsed = before + clock.GetElapsedTime(begun).TotalSeconds;
            }
            while (!rule.Ended && step < settings.MostSteps && elapsed < settings.BudgetSeconds && elapsed - before < SliceSeconds);
            yield return new ZeroShotUpdate(
                step, Math.Min(0.99, Math.Max(step / (double)settings.MostSteps, elapsed / settings.BudgetSeconds)), elapsed, Finite(rule.Best));
        }

        var end = rule.Ended ? ZeroShotEnd.Settled : step >= settings.MostSteps ? ZeroShotEnd.Steps : ZeroShotEnd.Budget;
        var training = new TrainingSettings { Method = TrainingMethods.ZeroShot, Seed = settings.Seed, CropSize = WindowSide, BatchSize = 1 };
        var model = ZeroShotObjective.Model(training, [image], range, best, new TrainingSummary(step, elapsed, skipped, []));
        foreach (var tile in Denoiser.Run(model, image, new DenoiseOptions(), cancellationToken))
        {
            yield return tile.Result is null
                ? new ZeroShotUpdate(step, 0.99, elapsed, Finite(rule.Best))
                : new ZeroShotUpdate(step, 1, elapsed, Finite(rule.Best), end, tile.Result, model);
        }
    }

    private static double? Finite(double value) => double.IsFinite(value) ? value : null;

    private static bool Step(ZeroShotNetwork network, FlatOptimizer adam, ZeroShotCrops crops, long step, double rate)
    {
        using var scope = NewDisposeScope();
        var (noisy, counts) = crops.Draw(1, step);
        ZeroShotLoss.Training(network, noisy, counts).backward();
        return adam.Step(step + 1, LearningRate * rate, Math.Min(0.98, step / (step + 10.0)));
    }

    // The averaged weights are checked, since they are what is kept; null when they are no new best.
    private static float[]? Check(ZeroShotNetwork network, FlatOptimizer adam, ZeroShotCrops crops, PlateauRule rule)
    {
        var current = network.Parameters.ToArray();
        var average = FlatParameters.Copy(adam.Average);
        network.Parameters.Load(average);
        try
        {
            using var scope = NewDisposeScope();
            using var _ = no_grad();
            var (noisy, counts) = crops.Fixed();
            return rule.Observe(ZeroShotLoss.HeldOut(network, noisy, counts).item<float>()) ? average : null;
        }
        finally
        {
            network.Parameters.Load(current);
        }
    }
}
