using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Samples;
using Grainy.Core.Training.BuiltIn;

namespace Grainy.Core.Training;

/// <summary>
/// Makes the general denoiser that comes with the program: a blind-spot network that sees many images under fresh noise, Gaussian with σ from 5/255 to 50/255 and
/// photon noise.
/// </summary>
public static class BuiltInDenoiserTraining
{
    private const int GeneratedSide = 256;

    /// <summary>
    /// A training whose crops are clean images under noise drawn anew each time. <see cref="TrainingRun.Export"/> then gives a model that takes its range from each
    /// image.
    /// </summary>
    /// <param name="settings">How to train; noise and method are set here.</param>
    /// <param name="images">Images with little noise in [0, 1], all with the same number of channels.</param>
    /// <param name="heldOut">Images that are measured on the way and never learned from; may be empty.</param>
    /// <param name="generated">Number of pictures to make by code and learn from as well; RGB only.</param>
    /// <param name="resumeFrom">Where to go on; null: from the start.</param>
    /// <param name="source">What the images are, in a few words, for the card.</param>
    /// <exception cref="ArgumentException">Settings or images that cannot be trained with: one sentence for people.</exception>
    /// <exception cref="DenoiserFormatException">The checkpoint belongs to another network.</exception>
    public static TrainingRun Create(
        TrainingSettings settings, IReadOnlyList<ImageBuffer> images, IReadOnlyList<ImageBuffer> heldOut, int generated, TrainingCheckpoint? resumeFrom, string source)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(images);
        ArgumentNullException.ThrowIfNull(heldOut);
        var valid = settings.Validated();
        ImageBuffer[] all = [.. images, .. Enumerable.Range(0, generated).Select(number => DeadLeaves.Render(GeneratedSide, settings.Seed, number))];
        var described = generated == 0 ? source : $"{source} and {generated} generated pictures";
        return new TrainingRun(valid, new GeneralObjective(valid, all, heldOut, described), resumeFrom, null);
    }
}
