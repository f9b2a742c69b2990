using System.Globalization;
using Grainy.Contracts.Training;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;
using Grainy.Core.Training;
using Grainy.Core.Training.Registration;

namespace Grainy.Grains.Jobs.Executors;

/// <summary>What a request for a training means to the trainer.</summary>
internal static class TrainingPlan
{
    public static TrainingSettings Settings(TrainSpec spec) => new()
    {
        Method = spec.Method,
        Preset = spec.StartFromBuiltIn ? DenoiserModel.BuiltIn.Settings.Preset : spec.Preset,
        BudgetSeconds = spec.Steps is null ? spec.BudgetSeconds : null,
        Steps = spec.Steps,
        NoiseSigma = spec.NoiseSigma,
        Seed = unchecked((ulong)spec.Seed),
        StartFrom = spec.StartFromBuiltIn ? DenoiserModel.BuiltIn : null,
        CropSize = spec.CropSize,
        BatchSize = spec.BatchSize,
        BlindSpot = new() { Noise = Model(spec.Noise), NoisePerImage = spec.Noise?.PerImage == true, Hole = spec.Hole },
        Noise2Noise = new() { Loss = spec.Loss },
        Noise2Void = new() { Structure = spec.MaskStructure },
    };

    /// <summary>The noise that was chosen; null: Gaussian, given otherwise or estimated.</summary>
    /// <exception cref="RefusedException">There is no such kind of noise.</exception>
    public static NoiseModel? Model(NoiseChoice? choice) => choice switch
    {
        null => null,
        { Kind: "gaussian" } => new NoiseModel.Gaussian(choice.Strength),
        { Kind: "poisson" } => new NoiseModel.Poisson(choice.Strength),
        { Kind: "affine" } => new NoiseModel.Affine(choice.Strength, choice.Offset),
        { Kind: "impulse" } => new NoiseModel.Impulse(choice.Strength),
        _ => throw new RefusedException(Refusal.Invalid, $"There is no noise '{choice.Kind}'; choose gaussian, poisson, affine or impulse."),
    };

    /// <summary>A noise model for the wire.</summary>
    public static NoiseChoice? Choice(NoiseModel? model) => model switch
    {
        NoiseModel.Gaussian gaussian => new NoiseChoice(gaussian.Kind, gaussian.Sigma),
        NoiseModel.Poisson poisson => new NoiseChoice(poisson.Kind, poisson.Lambda),
        NoiseModel.Affine affine => new NoiseChoice(affine.Kind, affine.A, affine.B),
        NoiseModel.Impulse impulse => new NoiseChoice(impulse.Kind, impulse.Alpha),
        _ => null,
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

    /// <summary>The next exposure of the scene that an image shows, by which its result can be judged; null where none is known.</summary>
    public static int? OtherFrame(TrainSpec spec, int index)
    {
        if (spec.Scenes is null && spec.Method != TrainingMethods.Noise2Noise)
        {
            return null;
        }

        var numbers = spec.Scenes ?? new int[spec.Images.Length];
        var others = Enumerable.Range(1, numbers.Length - 1).Select(step => (index + step) % numbers.Length).Where(other => numbers[other] == numbers[index]);
        return others.Select(other => (int?)other).FirstOrDefault();
    }

    /// <summary>How a denoised image came about, in a few words.</summary>
    public static string Recipe(TrainSpec spec, long steps, double sigma) => spec.Method == TrainingMethods.BlindSpot
        ? string.Create(
            CultureInfo.InvariantCulture, $"Blind-spot network ({spec.Preset}), {steps:N0} steps, {spec.Noise?.Kind ?? "Gaussian"} noise of σ = {sigma:G3}{(spec.Noise is null ? "" : " at mean brightness")}")
        : $"{spec.Method} ({(spec.Method == TrainingMethods.ZeroShot ? "three layers" : spec.Preset)}), {steps:N0} steps";
}
