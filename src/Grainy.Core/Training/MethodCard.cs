using System.Globalization;
using Grainy.Core.Denoising;
using Grainy.Core.Images;
using Grainy.Core.Noise;

namespace Grainy.Core.Training;

/// <summary>Writes what users of a model without a noise model of its own should know about how it was made.</summary>
internal static class MethodCard
{
    /// <summary>Markdown.</summary>
    public static string Of(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, TrainingSummary run) => string.Create(CultureInfo.InvariantCulture, $"""
        # Denoiser trained by {settings.Method}

        - Method: {Sentence(settings)}
        - Network: {(settings.Method == TrainingMethods.ZeroShot ? "three layers" : $"{settings.Preset} U-Net")}, {images[0].Channels} channel(s)
        - Trained on: {images.Count} noisy image(s), {images.Sum(image => (long)image.Width * image.Height)} pixels
        - Run: {run.Steps} steps of {settings.BatchSize} crops of {settings.CropSize}², {run.Seconds:F0} s of compute, {run.Skipped} steps skipped, seed {settings.Seed}
        - Start: {(settings.StartFrom is null ? "random weights" : "another model's weights")}

        Meant for images like those it was trained on. {Assumption(settings.Method)}

        """);

    /// <summary>The lowest and highest noise of the images as it is estimated, on their own scale; positive.</summary>
    public static (double Lowest, double Highest) NoiseOf(IReadOnlyList<ImageBuffer> images, IntensityRange range)
    {
        // A few tell the range; an estimate takes about as long as a step.
        var every = Math.Max(1, images.Count / 8);
        var sigmas = images.Where((_, index) => index % every == 0)
            .Select(image => Math.Max(NoiseEstimator.TryEstimate(image)?.Sigma ?? 0, 1e-6 * range.Scale)).ToArray();
        return (sigmas.Min(), sigmas.Max());
    }

    private static string Sentence(TrainingSettings settings) => settings.Method switch
    {
        TrainingMethods.Noise2Noise => $"pairs of noisy exposures (Lehtinen et al. 2018), loss {settings.Noise2Noise.Loss}, no clean image used",
        TrainingMethods.Noise2Clean => $"noisy images with clean references, loss {settings.Noise2Noise.Loss}",
        TrainingMethods.Neighbor2Neighbor => $"neighbouring pixels as pairs (Huang et al. 2021), consistency {settings.Neighbor2Neighbor.Consistency}, no clean image used",
        TrainingMethods.Noise2Void => (settings.Noise2Void.Version2 ? "masked pixels (N2V2, Höck et al. 2022)" : "masked pixels (Krull et al. 2019)")
            + $", structure {settings.Noise2Void.Structure}, no clean image used",
        _ => "halves of the image itself (Mansour, Heckel 2023), no clean image used",
    };

    private static string Assumption(string method) => method switch
    {
        TrainingMethods.Noise2Noise => "It assumes that the noise of two exposures is independent and that they lie pixel on pixel.",
        TrainingMethods.Noise2Clean => "It is as good as its references were clean.",
        _ => "It assumes noise of mean zero that is independent between pixels; on other noise it may keep or invent structure.",
    };
}
