using Grainy.Core.Images;
using Grainy.Core.Training.BlindSpot;
using Grainy.Core.Training.Masking;
using Grainy.Core.Training.Neighbors;
using Grainy.Core.Training.Pairs;
using Grainy.Core.Training.ZeroShot;

namespace Grainy.Core.Training;

/// <summary>Makes the objective that the settings name.</summary>
internal static class TrainingObjectives
{
    /// <param name="settings">Already validated.</param>
    /// <param name="scenes">Not yet looked at; the objective refuses what it cannot train on.</param>
    /// <param name="heldOut">Noisy images that are only measured; of other methods than the blind spot none are taken.</param>
    /// <exception cref="ArgumentException">Images that do not suit the method: one sentence for people.</exception>
    public static ITrainingObjective Create(TrainingSettings settings, IReadOnlyList<TrainingScene> scenes, IReadOnlyList<ImageBuffer>? heldOut = null) => settings.Method switch
    {
        TrainingMethods.BlindSpot => new BlindSpotObjective(settings, Frames(scenes)) { HeldOut = Checked(heldOut ?? [], scenes) },
        TrainingMethods.Noise2Noise or TrainingMethods.Noise2Clean => new PairObjective(settings, scenes),
        TrainingMethods.Neighbor2Neighbor => new NeighborObjective(settings, Frames(scenes)),
        TrainingMethods.Noise2Void => new MaskObjective(settings, Frames(scenes)),
        TrainingMethods.ZeroShot => new ZeroShotObjective(settings, Frames(scenes)),
        var other => throw new ArgumentException($"There is no method '{other}'; choose {string.Join(", ", TrainingMethods.All)}."),
    };

    private static IReadOnlyList<ImageBuffer> Checked(IReadOnlyList<ImageBuffer> heldOut, IReadOnlyList<TrainingScene> scenes)
    {
        if (heldOut.Count > 0)
        {
            TrainingImages.Check([scenes[0].Frames[0], .. heldOut]);
        }

        return heldOut;
    }

    private static ImageBuffer[] Frames(IReadOnlyList<TrainingScene> scenes) => [.. scenes.SelectMany(scene => scene.Frames)];
}
