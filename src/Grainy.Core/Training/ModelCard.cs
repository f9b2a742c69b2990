using System.Globalization;
using Grainy.Core.Images;

namespace Grainy.Core.Training;

/// <summary>Writes what a model's users should know about how it was made.</summary>
internal static class ModelCard
{
    public static string ForTraining(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, IReadOnlyList<double> sigmas, long steps, double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            # Blind-spot denoiser

            - Method: blind-spot network with posterior mean (Laine, Karras, Lehtinen, Aila 2019), Gaussian noise, no clean image used
            - Network: {settings.Preset}, {images[0].Channels} channel(s)
            - Trained on: {images.Count} noisy image(s), {images.Sum(image => (long)image.Width * image.Height)} pixels
            - Noise: σ from {sigmas.Min():G5} to {sigmas.Max():G5} on the images' own scale, {(settings.NoiseSigma is null ? "estimated" : "given")}
            - Run: {steps} steps of {settings.BatchSize} crops of {settings.CropSize}², {seconds:F0} s of compute, seed {settings.Seed}
            - Start: {(settings.StartFrom is null ? "random weights" : "another model's weights")}

            Meant for images like those it was trained on. It assumes noise that is independent between pixels and channels;
            on other noise it may keep or invent structure.

            """);

    public static string ForBuiltIn(TrainingSettings settings, IReadOnlyList<ImageBuffer> images, string source, long steps, double seconds) =>
        string.Create(CultureInfo.InvariantCulture, $"""
            # General blind-spot denoiser

            - Method: blind-spot network with posterior mean (Laine, Karras, Lehtinen, Aila 2019), Gaussian noise; the loss compares with noisy pixels only
            - Network: {settings.Preset}, {images[0].Channels} channel(s)
            - Trained on: {source}: {images.Count} images under noise drawn anew for every crop, σ uniform from 5/255 to 50/255
            - Run: {steps} steps of {settings.BatchSize} crops of {settings.CropSize}², {seconds:F0} s of compute, seed {settings.Seed}

            Fresh noise at every draw is more than a person with one noisy exposure has; a model trained on one's own images for long enough does better on them.

            """);
}
