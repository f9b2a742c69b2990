using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>What a request for a training means to the trainer.</summary>
internal static class TrainingPlan
{
    public static TrainingSettings Settings(TrainSpec spec) => new()
    {
        Method = spec.Method,
        Preset = spec.Preset,
        BudgetSeconds = spec.BudgetSeconds,
        NoiseSigma = spec.NoiseSigma,
        Seed = unchecked((ulong)spec.Seed),
        StartFrom = spec.StartFromBuiltIn ? DenoiserModel.BuiltIn : null,
        Noise2Noise = new() { Loss = spec.Loss },
        Noise2Void = new() { Structure = spec.MaskStructure },
    };

    /// <summary>The images as scenes; for methods on pairs looked at and, on request, aligned. Takes a second or so for each pair.</summary>
    /// <param name="references">One for each image where the method learns from references; otherwise empty.</param>
    /// <exception cref="ArgumentException">Images that are no exposures of a scene: one sentence for people.</exception>
    public static SceneReport Scenes(TrainSpec spec, ImageBuffer[] images, ImageBuffer[] references, CancellationToken cancellationToken)
    {
        if (spec.Method == TrainingMethods.Noise2Clean)
        {
            return SceneRegistration.Inspect(
                [.. images.Zip(references, (image, reference) => new TrainingScene([image], reference))], clean: true, spec.Align, cancellationToken);
        }

        return spec.Method == TrainingMethods.Noise2Noise
            ? SceneRegistration.Inspect(
                [.. images.Zip(spec.Scenes ?? new int[images.Length]).GroupBy(pair => pair.Second, pair => pair.First).Select(scene => new TrainingScene([.. scene]))],
                clean: false, spec.Align, cancellationToken)
            : new SceneReport(TrainingScene.OfSingles(images), [], []);
    }

    /// <summary>How a denoised image came about, in a few words.</summary>
    public static string Recipe(TrainSpec spec, long steps, double sigma) => spec.Method == TrainingMethods.BlindSpot
        ? $"Blind-spot network ({spec.Preset}), {steps:N0} steps, Gaussian noise of σ = {sigma:G3}"
        : $"{spec.Method} ({(spec.Method == TrainingMethods.ZeroShot ? "three layers" : spec.Preset)}), {steps:N0} steps";
}
