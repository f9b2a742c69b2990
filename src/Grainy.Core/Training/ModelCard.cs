using System.Globalization;
using Grainy.Core.Denoising;
using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>Writes what a model's users should know about how it was made.</summary>
internal static class ModelCard
{
    public static string ForTraining(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, DenoiserSettings model, TrainingSummary run) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            # Blind-spot denoiser

            - Method: blind-spot network{(model.Covariance == CovarianceKinds.None ? ", mean alone" : " with posterior mean")} (Laine, Karras, Lehtinen, Aila 2019), no clean image used
            - Network: {settings.Preset}, {model.Channels} channel(s), covariance {model.Covariance}, hole of {(2 * model.Hole) + 1} × {(2 * model.Hole) + 1} pixels
            - Trained on: {images.Count} noisy image(s), {images.Sum(image => (long)image.Width * image.Height)} pixels
            - Noise: {model.NoiseModel}, {model.NoiseSource}{Strength(model)}
            - Run: {run.Steps} steps of {settings.BatchSize} crops of {settings.CropSize}², {run.Seconds:F0} s of compute, seed {settings.Seed}, {run.Skipped} steps skipped
            - Start: {(settings.StartFrom is null ? "random weights" : "another model's weights")}

            Meant for images like those it was trained on. It assumes noise that is independent between pixels and channels;
            on other noise it may keep or invent structure.

            """);

    private static string Strength(DenoiserSettings model) => model.NoiseSource == NoiseSources.LearnedPerImage
        ? ""
        : string.Create(CultureInfo.InvariantCulture, $"; standard deviation from {model.LowestSigma:G5} to {model.HighestSigma:G5} on the images' own scale");

    public static string ForBuiltIn(TrainingSettings settings, int images, int channels, string source, int heldOut, TrainingSummary run)
    {
        var text = string.Create(CultureInfo.InvariantCulture, $"""
            # General blind-spot denoiser

            - Method: blind-spot network with posterior mean (Laine, Karras, Lehtinen, Aila 2019); the network sees noisy crops only, the loss is the likelihood of the
              noisy pixel, averaged over that pixel's own noise
            - Network: {settings.Preset}, {channels} channel(s)
            - Trained on: {source}: {images} images and halved copies of the larger ones, turned and mirrored, under noise drawn anew for every crop: Gaussian, σ uniform
              from 5/255 to 50/255, and in a quarter of the crops photon noise of 5 to 150 counts at white
            - Start: {(settings.StartFrom is { } start ? $"the {start.Settings.Preset} general denoiser after its {start.Settings.Steps} steps, grown" : "random weights")}
            - Run: {run.Steps} steps of {settings.BatchSize} crops of {settings.CropSize}², {run.Seconds:F0} s of compute, seed {settings.Seed}, {run.Skipped} steps skipped

            Fresh noise over clean images is more than a person with one noisy exposure has; adapting the model to one's own images helps where they look different.

            """);
        if (run.Curve.Count == 0)
        {
            return text;
        }

        var rows = run.Curve.Select(point => string.Create(CultureInfo.InvariantCulture, $"| {point.Step} | {point.Seconds:F0} | {point.Value:F2} |"));
        return $"""
            {text}
            PSNR in dB on {heldOut} held-out images (centre, at most 256²), Gaussian noise of σ = 25/255, not clipped, σ given:

            | steps | seconds | PSNR |
            |--:|--:|--:|
            {string.Join('\n', rows)}

            """;
    }
}
