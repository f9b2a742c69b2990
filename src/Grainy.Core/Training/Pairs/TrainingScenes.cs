using Grainy.Core.Images;

namespace Grainy.Core.Training.Pairs;

/// <summary>Refuses scenes that a method on pairs cannot learn from, in one sentence that says what to do.</summary>
internal static class TrainingScenes
{
    /// <summary>Every scene needs two frames, or one and a reference, all of one size; no frame twice.</summary>
    /// <exception cref="ArgumentException">They do not fit.</exception>
    public static void Check(IReadOnlyList<TrainingScene> scenes, bool clean)
    {
        ArgumentNullException.ThrowIfNull(scenes);
        for (var i = 0; i < scenes.Count; i++)
        {
            var scene = scenes[i];
            Require(
                clean || scene.Frames.Count >= 2,
                $"Scene {i + 1} has a single frame, but Noise2Noise learns from pairs: give two exposures of each scene, or choose a method for single images "
                + $"({TrainingMethods.BlindSpot}, {TrainingMethods.Neighbor2Neighbor}, {TrainingMethods.Noise2Void}).");
            Require(
                !clean || scene.Reference is not null,
                $"Scene {i + 1} has no clean reference, which Noise2Clean needs: give one for each scene, or choose a method without references.");
            var others = clean ? scene.Frames.Append(scene.Reference!) : scene.Frames;
            if (others.FirstOrDefault(frame => !frame.HasSizeOf(scene.Frames[0])) is { } odd)
            {
                throw new ArgumentException(
                    $"The frames of scene {i + 1} differ in size: {Size(scene.Frames[0])} and {Size(odd)}; crop them alike, or check the order of the files.");
            }

            Require(!clean || scene.Reference!.Planes.All(float.IsFinite), $"The reference of scene {i + 1} holds samples that are not finite numbers; mend or leave it out.");
            RequireDistinct(scene, i, clean);
        }

        static void Require(bool holds, string otherwise)
        {
            if (!holds)
            {
                throw new ArgumentException(otherwise);
            }
        }
    }

    // A frame compared with itself teaches a network to keep the noise.
    private static void RequireDistinct(TrainingScene scene, int index, bool clean)
    {
        var seen = new Dictionary<int, int>();
        var all = clean ? [.. scene.Frames, scene.Reference!] : scene.Frames;
        for (var i = 0; i < all.Count; i++)
        {
            var hash = Fingerprint(all[i]);
            if (seen.TryGetValue(hash, out var earlier) && all[i].Planes.AsSpan().SequenceEqual(all[earlier].Planes) && (!clean || i == all.Count - 1))
            {
                throw new ArgumentException(clean
                    ? $"The reference of scene {index + 1} is its frame {earlier + 1} itself; give the clean image, or choose a method without references."
                    : $"Frames {earlier + 1} and {i + 1} of scene {index + 1} are the same image; pairs need two exposures with noise of their own.");
            }

            seen.TryAdd(hash, i);
        }
    }

    private static int Fingerprint(ImageBuffer image)
    {
        var hash = default(HashCode);
        for (var i = 0; i < image.Planes.Length; i += Math.Max(1, image.Planes.Length / 256))
        {
            hash.Add(image.Planes[i]);
        }

        return hash.ToHashCode();
    }

    private static string Size(ImageBuffer image) => $"{image.Width} × {image.Height} in {image.Channels} channel{(image.Channels == 1 ? "" : "s")}";
}
