using Grainy.Contracts.Datasets;

namespace Grainy.Web.Features.Training;

/// <summary>The ways to train, in words.</summary>
/// <param name="Name">As the server knows it.</param>
/// <param name="Title">As people know it.</param>
/// <param name="Sentence">What it does and when to take it.</param>
public sealed record MethodFacts(string Name, string Title, string Sentence)
{
    public const string BlindSpot = "blind-spot";
    public const string Noise2Noise = "noise2noise";
    public const string Noise2Clean = "noise2clean";
    public const string Noise2Void = "noise2void";
    public const string ZeroShot = "zero-shot";

    /// <summary>All methods, the usual one first.</summary>
    public static IReadOnlyList<MethodFacts> All { get; } =
    [
        new(BlindSpot, "Blind spot", "Predicts each pixel from its surroundings and a noise model; learns from every pixel and tells how sure it is."),
        new(Noise2Noise, "Noise2Noise", "Learns one exposure from another of the same scene; needs no noise model."),
        new("neighbor2neighbor", "Neighbor2Neighbor", "Takes neighbouring pixels for two exposures; for independent noise of any kind."),
        new(Noise2Void, "Noise2Void", "Hides pixels, lines or squares and predicts them; for noise that runs along rows or columns."),
        new(ZeroShot, "Zero-shot", "A tiny network for one small image, trained as long as you say; for a first impression."),
        new(Noise2Clean, "Noise2Clean", "Learns from clean references; where there are some, it is the yardstick for all others."),
    ];

    /// <summary>The facts of a method by its name.</summary>
    public static MethodFacts Of(string name) => All.FirstOrDefault(method => method.Name == name) ?? new MethodFacts(name, name, "");

    /// <summary>Why a method cannot be used on these images, one sentence; null when it can.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="images">In their order.</param>
    /// <param name="scenes">The number of the scene of each image.</param>
    public static string? Hindrance(string method, IReadOnlyList<ImageInfo> images, IReadOnlyList<int> scenes)
    {
        if (method == Noise2Clean)
        {
            return images.FirstOrDefault(image => image.Reference is null) is { } bare
                ? $"Needs a clean reference for each image; {bare.Name} has none. Set it in the library." : null;
        }

        if (method != Noise2Noise)
        {
            return null;
        }

        foreach (var scene in images.Zip(scenes).GroupBy(pair => pair.Second, pair => pair.First))
        {
            var first = scene.First();
            if (!scene.Skip(1).Any())
            {
                return images.Count == 1
                    ? "Needs two or more exposures of a scene; this is a single image."
                    : $"Needs two or more exposures of each scene; {first.Name} stands alone. Choose more exposures, or say which belong together.";
            }

            if (scene.FirstOrDefault(image => (image.Width, image.Height, image.BitDepth, image.IsFloat) != (first.Width, first.Height, first.BitDepth, first.IsFloat)) is { } odd)
            {
                return $"{first.Name} and {odd.Name} differ in size or depth, so they cannot be exposures of one scene.";
            }
        }

        return null;
    }
}
