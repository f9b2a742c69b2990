using Grainy.Core.Images;
using Grainy.Core.Tensors;
using Grainy.Core.Training.BlindSpot;

namespace Grainy.Core.Training;

/// <summary>Makes the general denoiser that comes with the program: a blind-spot network that sees many images under fresh noise of many strengths.</summary>
public static class BuiltInDenoiserTraining
{
    /// <summary>Lowest standard deviation of the noise, on the scale [0, 1].</summary>
    public const double LowestSigma = 5 / 255.0;

    /// <summary>Highest standard deviation of the noise, on the scale [0, 1].</summary>
    public const double HighestSigma = 50 / 255.0;

    /// <summary>
    /// A training whose crops are images of <paramref name="images"/> under noise drawn anew each time; the network is scored on the noisy crops alone.
    /// <see cref="TrainingRun.Export"/> then gives a model that takes its range from each image.
    /// </summary>
    /// <param name="settings">How to train; <see cref="TrainingSettings.NoiseSigma"/> is ignored.</param>
    /// <param name="images">Images with little noise in [0, 1], all with the same number of channels.</param>
    /// <param name="resumeFrom">Where to go on; null: from the start.</param>
    /// <param name="source">What the images are, in a few words, for the card.</param>
    public static TrainingRun Create(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, TrainingCheckpoint? resumeFrom, string source)
    {
        ArgumentNullException.ThrowIfNull(settings);
        TrainingImages.Check(images);
        var checkedSettings = settings.Validated() with { NoiseSigma = (LowestSigma + HighestSigma) / 2 };
        var seeds = new SeedSequence(settings.Seed);
        var clean = new CropSampler(images, new double[images.Count], checkedSettings.CropSize, checkedSettings.BatchSize, seeds);
        return new TrainingRun(checkedSettings, new BlindSpotObjective(checkedSettings, images, new FreshNoise(clean, LowestSigma, HighestSigma, seeds), source), resumeFrom, null);
    }
}
